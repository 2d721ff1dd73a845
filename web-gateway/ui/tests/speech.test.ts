// Speech: only what this machine does by itself, with stand-ins for recognition and voices.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import Speech from '../src/parts/Speech.svelte';
import { canDictate, dictate, languageOf, localVoice, typeInto } from '../src/lib/speech.js';
import { settled, shownWithin, vivaOver } from './support/mount.js';
import { json } from './support/wire.js';

class Recogniser {
  static answer = 'available';
  static last: Recogniser | undefined;
  static asked: unknown[] = [];
  static available = async (wanted: unknown) => (Recogniser.asked.push(wanted), Recogniser.answer);
  lang = '';
  continuous = false;
  processLocally = false;
  onresult: (event: unknown) => void = () => {};
  onerror: (event: unknown) => void = () => {};
  onend: () => void = () => {};
  start = vi.fn(() => void (Recogniser.last = this));
  stop = vi.fn(() => this.onend());
  says(transcript: string, isFinal = true) {
    this.onresult({ resultIndex: 0, results: [{ isFinal, 0: { transcript } }] });
  }
}

class Utterance {
  onend = () => {};
  constructor(readonly text: string) {}
}

const voice = (lang: string, localService: boolean) => ({ lang, localService, default: false });
/** A browser's voices: cancelling ends the speech. */
const synthesis = {
  voices: [voice('en-GB', true)],
  speaking: undefined as Utterance | undefined,
  getVoices: () => synthesis.voices,
  speak: vi.fn((speech: Utterance) => void (synthesis.speaking = speech)),
  cancel: vi.fn(() => synthesis.speaking?.onend()),
  addEventListener: () => {},
  removeEventListener: () => {},
};

beforeEach(() => {
  Object.assign(Recogniser, { answer: 'available', last: undefined, asked: [] });
  Object.assign(synthesis, { voices: [voice('en-GB', true)], speaking: undefined });
  synthesis.speak.mockClear();
  vi.stubGlobal('SpeechRecognition', Recogniser);
  vi.stubGlobal('speechSynthesis', synthesis);
  vi.stubGlobal('SpeechSynthesisUtterance', Utterance);
});
afterEach(() => vi.unstubAllGlobals());

let isAllowed = true;
const gateway = async () => json(200, { by: 'password', ...(isAllowed ? { speech: true } : {}) });
const buttons = (page: HTMLElement) => [...page.querySelectorAll('button')].map((one) => one.textContent?.trim());

async function shown(isWriting = true) {
  const page = shownWithin(vivaOver(gateway), Speech, { question: 'What is a lock?', isWriting });
  await settled();
  return page;
}

test('recognition is used only if the browser promises to do it on this machine', async () => {
  expect(await canDictate('en-US')).toBe(true);
  expect(Recogniser.asked).toEqual([{ langs: ['en-US'], processLocally: true }]);
  for (const answer of ['unavailable', 'downloadable', 'downloading']) {
    Recogniser.answer = answer;
    expect(await canDictate('en-US'), answer).toBe(false);
  }
  vi.stubGlobal('SpeechRecognition', class {});
  expect(await canDictate('en-US')).toBe(false);
  vi.stubGlobal('SpeechRecognition', undefined);
  expect(await canDictate('en-US')).toBe(false);
});

test('only local voices in the language of the question read it', () => {
  synthesis.voices = [voice('en-US', false), voice('de-DE', true), voice('en-GB', true)];
  expect(localVoice('en-US')).toMatchObject({ lang: 'en-GB', localService: true });
  expect(localVoice('fr-FR')).toBeUndefined();
  synthesis.voices = [voice('en-US', false)];
  expect(localVoice('en-US')).toBeUndefined();
  expect(languageOf('What is a lock?')).toBe('en-US');
});

test('without the operator’s permission there is no button, whatever the browser can do', async () => {
  isAllowed = false;
  expect(buttons(await shown())).toEqual([]);
  isAllowed = true;
  expect(buttons(await shown())).toEqual(['Read aloud', 'Dictate']);
  expect(buttons(await shown(false))).toEqual(['Read aloud']);
  [Recogniser.answer, synthesis.voices] = ['unavailable', []];
  expect(buttons(await shown())).toEqual([]);
});

test('speech is recognised on this machine and inserted at the caret', async () => {
  const page = await shown();
  const area = document.body.appendChild(document.createElement('textarea'));
  area.id = 'answer';
  area.value = 'A lock keeps two threads apart.';
  area.setSelectionRange(6, 6);
  const typed = vi.fn();
  area.addEventListener('input', typed);
  page.querySelectorAll('button')[1]?.click();
  await settled();
  const heard = Recogniser.last;
  expect(heard).toMatchObject({ processLocally: true, continuous: true, lang: 'en-US' });
  heard?.says('not yet', false);
  heard?.says(' or a mutex ');
  expect([area.value, typed.mock.calls.length]).toEqual(['A lock or a mutex keeps two threads apart.', 1]);
  expect(buttons(page)).toContain('Stop listening');
  page.querySelectorAll('button')[1]?.click();
  await settled();
  expect(heard?.stop).toHaveBeenCalledOnce();
  expect(buttons(page)).toContain('Dictate');
});

test('a local voice reads the question, and the same button stops it', async () => {
  const page = await shown();
  page.querySelector('button')?.click();
  await settled();
  expect(synthesis.speak).toHaveBeenCalledWith(expect.objectContaining({ text: 'What is a lock?', voice: synthesis.voices[0] }));
  synthesis.cancel.mockClear();
  page.querySelector('button')?.click();
  expect(synthesis.cancel).toHaveBeenCalledOnce();
  await settled();
  expect(buttons(page)).toContain('Read aloud');
});

test.each([
  ['not-allowed', 'The browser does not let this page use the microphone.'],
  ['audio-capture', 'The browser stopped listening. What was written down is kept.'],
  ['no-speech', ''],
])('that listening ended by %s is said as far as it is of use', (error, words) => {
  const ended = vi.fn();
  dictate('en-US', () => {}, ended);
  Recogniser.last?.onerror({ error });
  Recogniser.last?.onend();
  expect(ended).toHaveBeenCalledWith(words);
});

test('words inserted at the beginning or after a space get no space before them', () => {
  const area = document.createElement('textarea');
  typeInto(area, 'One.');
  area.value = 'One. ';
  area.setSelectionRange(5, 5);
  typeInto(area, 'Two.');
  expect(area.value).toBe('One. Two.');
});
