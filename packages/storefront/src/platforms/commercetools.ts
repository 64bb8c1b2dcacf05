import { start } from '../core/start.ts';
import { listenToDataLayer } from '../data-layers/google.ts';

start(listenToDataLayer);
