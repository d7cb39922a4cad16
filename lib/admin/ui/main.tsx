import { render } from 'preact';
import { apiBase } from './api/api-base.js';
import { App } from './app.js';
import { DashboardContext } from './state/context.js';
import { Dashboard } from './state/dashboard.js';

const dashboard = new Dashboard(apiBase(location.pathname));
const root = document.getElementById('app')!;
root.replaceChildren();
render(
  <DashboardContext.Provider value={dashboard}>
    <App />
  </DashboardContext.Provider>,
  root,
);
void dashboard.start();
