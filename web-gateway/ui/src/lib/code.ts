/** The code in the link that `viva-web` prints for the owner of its machine: `/#code=…`. */

/** Takes the code out of the page's address, so that no history, bookmark or screenshot has it. */
export function ownerCode(): string | undefined {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code === null) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  return code === '' ? undefined : code;
}
