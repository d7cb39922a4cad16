import { ThreadWorker, type TaskFunction } from 'poolifier';
import * as tasks from '../tasks.js';

/** What a task returns is copied: poolifier has a transfer list for arguments, none for results. */
export default new ThreadWorker({ ...tasks } as Record<string, TaskFunction>);
