/** The part of XMLHttpRequest that Google's client needs, over Node's `fetch`. Replies are read as they arrive. */

/** An XMLHttpRequest without what is unused here. */
export class NodeXhr {
  readyState = 0;
  status = 0;
  statusText = '';
  responseType = '';
  responseText = '';
  response: unknown = '';
  withCredentials = false;
  timeout = 0;
  onreadystatechange: (() => void) | null = null;
  onprogress: (() => void) | null = null;
  readonly #headers: Record<string, string> = {};
  readonly #ending = new AbortController();
  #method = '';
  #url = '';
  #reply: Headers | undefined;

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
    this.#become(1);
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  send(body: string | Uint8Array<ArrayBuffer>): void {
    void this.#run(body).catch(() => {
      this.status = 0;
      if (!this.#ending.signal.aborted) this.#become(4);
    });
  }

  abort(): void {
    this.#ending.abort();
  }

  getResponseHeader(name: string): string | null {
    return this.#reply?.get(name) ?? null;
  }

  getAllResponseHeaders(): string {
    return [...(this.#reply ?? [])].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  async #run(body: string | Uint8Array<ArrayBuffer>): Promise<void> {
    const reply = await fetch(this.#url, { method: this.#method, headers: this.#headers, body, signal: this.#ending.signal });
    this.#reply = reply.headers;
    this.status = reply.status;
    this.statusText = reply.statusText;
    this.#become(2);
    if (this.responseType === 'arraybuffer') {
      this.response = await reply.arrayBuffer();
    } else {
      const words = new TextDecoder();
      for await (const part of reply.body as unknown as AsyncIterable<Uint8Array>) {
        this.responseText += words.decode(part, { stream: true });
        this.response = this.responseText;
        this.#become(3);
      }
    }
    this.#become(4);
  }

  #become(state: number): void {
    this.readyState = state;
    this.onreadystatechange?.();
  }
}
