/** The screens that come after the first, as one script. */

export { lastUser } from '../lib/loaded.js';
export { default as Away } from '../parts/Away.svelte';
export { default as Confirm } from '../parts/Confirm.svelte';
export { default as Due } from '../parts/Due.svelte';
export { default as Found } from '../parts/Found.svelte';
export { default as KeyHelp } from '../parts/KeyHelp.svelte';
export { default as SignOut } from '../parts/SignOut.svelte';
export { default as Welcome } from '../parts/Welcome.svelte';
export { default as Account } from './Account.svelte';
export { default as Interview } from './Interview.svelte';
export { default as NewInterview } from './NewInterview.svelte';
export { default as Progress } from './Progress.svelte';
export { default as Report } from './Report.svelte';
export { default as Review } from './Review.svelte';
export { default as Sample } from './Sample.svelte';
export { default as Starred } from './Starred.svelte';
export { keeperFor } from '../state/keeper.js';
