/** The browser's storage: drafts, unsent answers, display choices, never a token. If the browser stores nothing (private
 * windows, a full disk), memory takes its place until the page closes. */

/** A store of texts by name. */
export interface Store {
  /** Whether everything stored here outlives the page. */
  readonly lasts: boolean;
  get(name: string): string | undefined;
  put(name: string, value: string): void;
  remove(name: string): void;
  /** The names with a prefix. */
  names(prefix: string): string[];
}

/** The browser's storage, with memory for what it rejects. */
export function browserStore(storage: Storage | undefined = localStorageOrNone()): Store {
  const memory = new Map<string, string>();
  return {
    get lasts() {
      return storage !== undefined && memory.size === 0;
    },
    get: (name) => memory.get(name) ?? storage?.getItem(name) ?? undefined,
    put: (name, value) => {
      try {
        if (!storage) throw new Error('no storage');
        storage.setItem(name, value);
        memory.delete(name);
      } catch {
        memory.set(name, value);
      }
    },
    remove: (name) => {
      memory.delete(name);
      storage?.removeItem(name);
    },
    names: (prefix) => {
      const kept = storage ? Object.keys(storage) : [];
      const all = new Set([...memory.keys(), ...kept]);
      return [...all].filter((name) => name.startsWith(prefix)).sort();
    },
  };
}

function localStorageOrNone(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
