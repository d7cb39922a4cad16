import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Dashboard } from './dashboard.js';

export const DashboardContext = createContext<Dashboard | null>(null);

/** The dashboard that the component belongs to. */
export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (!dashboard) throw new Error('No dashboard stands around this component.');
  return dashboard;
}
