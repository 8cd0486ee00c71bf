/**
 * Colours of the figures. Blue against vermilion stays apart under every common colour blindness and in grey print; words
 * and shapes say the same. The page gives each of them its dark counterpart (html/page.css matches these very values).
 */
export const COLOURS = {
  ink: '#1c2733',
  faint: '#5b6673',
  grid: '#e3e7ec',
  axis: '#97a1ad',
  good: '#0b64ad',
  bad: '#b8460b',
  plain: '#6d7683',
  paper: '#ffffff',
} as const;

/** What every system has under some name; a figure carries no font of its own. */
export const FONT = 'Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif';
