import { start } from '../core/start.ts';
import { listenToDataLayer } from '../data-layer.ts';

start(listenToDataLayer);
