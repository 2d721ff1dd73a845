/** Short names for a component's scoped styles, which occur many times in the script and in the style sheet. */
const cssHash = ({ hash, css }) => `s${hash(css).slice(0, 5)}`;

export default { compilerOptions: { runes: true, cssHash, discloseVersion: false } };
