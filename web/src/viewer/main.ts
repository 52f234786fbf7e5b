import { mount } from 'svelte';
import '../shared/tokens.css';
import '../shared/base.css';
import './viewer.css';
import { ViewerState } from './state.svelte.ts';
import Viewer from './Viewer.svelte';

const code = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const viewer = new ViewerState(code);
// The request leaves before anything is drawn: a reviewer waits for the page, not for the chrome.
void viewer.load();
mount(Viewer, { target: document.getElementById('viewer')!, props: { viewer } });
