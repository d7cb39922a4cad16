import { ThreadWorker } from 'poolifier';
import { spin } from './spin.js';

export default new ThreadWorker<number, void>((ms) => spin(ms!));
