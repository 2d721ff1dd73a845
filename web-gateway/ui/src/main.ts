/** Starts the page. */

import { mount } from 'svelte';
import App from './App.svelte';
import { Api } from './lib/api.js';
import { ownerCode } from './lib/code.js';
import { Session } from './lib/session.js';
import { browserStore } from './lib/store.js';
import { keptTheme, setTheme } from './lib/theme.js';
import { transportTo } from './lib/transport.js';
import { Viva } from './state/viva.svelte.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/print.css';

const store = browserStore();
setTheme(keptTheme(store), store);

const session = new Session();
const viva = new Viva(session, new Api(transportTo(location.origin), session), store);
const target = document.getElementById('app');
if (target) mount(App, { target, props: { viva } });
void viva.start(ownerCode());
