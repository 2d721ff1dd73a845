/** The screens that come after the first, as one script. */

export { default as Confirm } from '../parts/Confirm.svelte';
export { default as KeyHelp } from '../parts/KeyHelp.svelte';
export { default as SignOut } from '../parts/SignOut.svelte';
export { default as Account } from './Account.svelte';
export { default as Interview } from './Interview.svelte';
export { default as NewInterview } from './NewInterview.svelte';
export { default as Progress } from './Progress.svelte';
export { default as Report } from './Report.svelte';
export { default as Starred } from './Starred.svelte';
