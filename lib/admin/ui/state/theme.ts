import { useEffect, useState } from 'preact/hooks';

/** `system` follows the machine's setting. */
export type Theme = 'system' | 'light' | 'dark';

const dark = () => matchMedia('(prefers-color-scheme: dark)');

/** The theme, what it comes to, and how to choose another. It is not stored. */
export function useTheme(): { theme: Theme; resolved: 'light' | 'dark'; setTheme: (theme: Theme) => void } {
  const [theme, setTheme] = useState<Theme>('system');
  const [isSystemDark, setSystemDark] = useState(() => dark().matches);
  useEffect(() => {
    const query = dark();
    const follow = () => setSystemDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  const resolved = theme === 'system' ? (isSystemDark ? 'dark' : 'light') : theme;
  // Plots read their colours from the page, so it changes before they are drawn.
  document.documentElement.dataset['theme'] = resolved;
  return { theme, resolved, setTheme };
}
