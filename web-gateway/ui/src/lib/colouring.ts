/** Finds keywords, strings and comments in code. It is a separate script, loaded when there is code to show. */

import core from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import type { Token, TokenKind } from './answer.js';

/** The library with these languages, which gives tokens instead of HTML. */
const library = core.newInstance();
const LANGUAGES = { bash, cpp, go, java, python, rust, sql, typescript, xml };
for (const [name, language] of Object.entries(LANGUAGES)) library.registerLanguage(name, language);
// A language's grammar also colours the languages derived from it, and each grammar is 2 KB.
library.registerAliases(['c', 'h'], { languageName: 'cpp' });
library.registerAliases(['javascript', 'js', 'json', 'jsx', 'mjs', 'cjs'], { languageName: 'typescript' });
// And the languages with the same strings, comments and most keywords.
library.registerAliases(['csharp', 'cs', 'kotlin', 'kt'], { languageName: 'java' });
library.registerAliases(['dockerfile', 'docker'], { languageName: 'bash' });
library.registerAliases(['ruby', 'rb', 'yaml', 'yml'], { languageName: 'python' });

/** The languages to guess from when none is named, and the most code to guess from. */
const LIKELY = ['bash', 'cpp', 'go', 'java', 'python', 'rust', 'sql', 'typescript'];
const MOST_GUESSED = 3_000;

/** The kinds of token that are coloured, by the library's names. */
const KINDS: Record<string, TokenKind> = {
  keyword: 'keyword',
  built_in: 'type',
  type: 'type',
  literal: 'number',
  number: 'number',
  string: 'string',
  regexp: 'string',
  char: 'string',
  comment: 'comment',
  doctag: 'comment',
  title: 'title',
  section: 'title',
  attr: 'title',
  attribute: 'title',
  name: 'keyword',
  tag: 'keyword',
  meta: 'comment',
  symbol: 'number',
  addition: 'string',
  deletion: 'keyword',
  selector: 'title',
};

/** Collects the tokens that the library finds. A nested token without a kind has the outer one's. */
class Tokens {
  readonly list: Token[] = [];
  #at = 0;
  readonly #kinds: (TokenKind | undefined)[] = [];

  addText(text: string): void {
    const kind = this.#kinds.at(-1);
    if (kind && text !== '') this.list.push({ from: this.#at, to: this.#at + text.length, kind });
    this.#at += text.length;
  }

  openNode(name: string): void {
    this.#kinds.push(kindOf(name) ?? this.#kinds.at(-1));
  }

  closeNode(): void {
    this.#kinds.pop();
  }

  startScope(name: string): void {
    this.openNode(name);
  }

  endScope(): void {
    this.closeNode();
  }

  /** Adds the tokens that another grammar has found in the code that follows. */
  __addSublanguage(other: Tokens): void {
    for (const { from, to, kind } of other.list) this.list.push({ from: from + this.#at, to: to + this.#at, kind });
    this.#at += other.#at;
  }

  finalize(): void {}

  toHTML(): string {
    return '';
  }
}

library.configure({ __emitter: Tokens });

/** Returns the coloured tokens of code in a language; none if the language is unknown. */
export function tokensOf(code: string, language: string): Token[] {
  const isGuessed = language === '' && code.length <= MOST_GUESSED;
  const result = library.getLanguage(language)
    ? library.highlight(code, { language, ignoreIllegals: true })
    : isGuessed
      ? library.highlightAuto(code, LIKELY)
      : undefined;
  return result?._emitter instanceof Tokens ? result._emitter.list : [];
}

function kindOf(name: string): TokenKind | undefined {
  return KINDS[name] ?? KINDS[name.split(/[-.]/)[0] ?? ''];
}
