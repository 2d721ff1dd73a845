/** Speech on this machine only: the browser's recognition and voices. Nothing that sends sound or text elsewhere is used. */

/** The part of the browser's recognition that is used. TypeScript has no types for it yet. */
interface Recognition {
  lang: string;
  continuous: boolean;
  processLocally: boolean;
  onresult: (event: { resultIndex: number; results: ArrayLike<{ isFinal: boolean; 0: { transcript: string } }> }) => void;
  onerror: (event: { error: string }) => void;
  onend: () => void;
  start: () => void;
  stop: () => void;
}

interface Recognisers {
  new (): Recognition;
  available?: (wanted: { langs: string[]; processLocally: true }) => Promise<string>;
}

/** The language of a question for voices and recognition: English if it has English function words, otherwise the browser's. */
export function languageOf(question: string): string {
  return /\b(the|what|how|and|you)\b/i.test(question) ? 'en-US' : navigator.language;
}

/** Whether the browser can transcribe speech without sending it anywhere. */
export async function canDictate(lang: string): Promise<boolean> {
  const wanted = { langs: [lang], processLocally: true as const };
  // A browser that does not say where it recognises speech may send it anywhere.
  const answer = await recognisers()
    ?.available?.(wanted)
    ?.catch(() => '');
  return answer === 'available';
}

/** Transcribes speech until the returned function is called. Then it calls `ended`, with what went wrong if anything did. */
export function dictate(lang: string, said: (words: string) => void, ended: (fault: string) => void): () => void {
  const Recogniser = recognisers();
  if (!Recogniser) return () => {};
  const one = new Recogniser();
  let fault = '';
  Object.assign(one, { lang, continuous: true, processLocally: true });
  one.onresult = ({ resultIndex, results }) => {
    for (const result of Array.from(results).slice(resultIndex)) if (result.isFinal) said(result[0].transcript.trim());
  };
  one.onerror = ({ error }) => {
    if (error === 'not-allowed') fault = 'The browser does not let this page use the microphone.';
    else if (error !== 'no-speech' && error !== 'aborted') fault = 'The browser stopped listening. What was written down is kept.';
  };
  one.onend = () => ended(fault);
  one.start();
  return () => one.stop();
}

/** Returns a voice of this machine for a language, if it has one. */
export function localVoice(lang: string): SpeechSynthesisVoice | undefined {
  const own = (globalThis.speechSynthesis?.getVoices() ?? []).filter(
    (voice) => voice.localService && voice.lang.slice(0, 2) === lang.slice(0, 2),
  );
  return own.find((voice) => voice.default) ?? own[0];
}

/** Reads a text aloud until it ends or the returned function is called. */
export function readAloud(text: string, voice: SpeechSynthesisVoice, ended: () => void): () => void {
  const speech = Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang, onend: ended, onerror: ended });
  speechSynthesis.cancel();
  speechSynthesis.speak(speech);
  return () => speechSynthesis.cancel();
}

/** Inserts words at the caret of a text field, as if they had been typed. */
export function typeInto(area: HTMLTextAreaElement, words: string): void {
  const before = area.value.slice(0, area.selectionStart);
  area.setRangeText(/^$|\s$/.test(before) ? words : ` ${words}`, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

function recognisers(): Recognisers | undefined {
  return (globalThis as { SpeechRecognition?: Recognisers }).SpeechRecognition;
}
