/** The languages that the form offers. A server with a language model accepts more. */

/** The languages' own names by BCP 47 tag. The question bank is in English. */
export const LANGUAGES: readonly (readonly [tag: string, name: string])[] = [
  ['', 'English'],
  ['ar', 'العربية'],
  ['zh', '中文'],
  ['cs', 'Čeština'],
  ['de', 'Deutsch'],
  ['es', 'Español'],
  ['fr', 'Français'],
  ['hi', 'हिन्दी'],
  ['id', 'Bahasa Indonesia'],
  ['it', 'Italiano'],
  ['ja', '日本語'],
  ['ko', '한국어'],
  ['nl', 'Nederlands'],
  ['pl', 'Polski'],
  ['pt', 'Português'],
  ['ru', 'Русский'],
  ['th', 'ไทย'],
  ['tr', 'Türkçe'],
  ['uk', 'Українська'],
  ['vi', 'Tiếng Việt'],
];
