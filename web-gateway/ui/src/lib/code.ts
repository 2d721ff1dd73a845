/** The code in the link that `viva-web` prints for the owner of its machine: `/#code=…`. */

/** Removes the code from the page's address, so that it ends up in no history, bookmark or screenshot. */
export function ownerCode(): string | undefined {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code === null) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  return code === '' ? undefined : code;
}
