import { summarise } from '../../../results/summarise.ts';
import type { Summary } from '../../../results/summary.ts';
import { bernoulli, checkpoint, input, records, task } from '../support/synthetic.ts';

/** Names that mean something to a spreadsheet, to TeX, to Markdown, to a terminal or to a page. */
export const HOSTILE = [
  '=HYPERLINK("https://evil.example","x")',
  "+1+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(1,2)',
  '\t=1+1',
  '\r\n=1+1',
  '\uff1d1+1',
  '\\input{/etc/passwd}\\write18{id}',
  '100% {$x_1^2$} & #5 ~ "q" \'s\' `b` <a|b>',
  '[opt] * , -- ?` !`',
  '<script>alert(1)</script>![p](https://evil.example/p.png)',
  '\u001b[31mred\u0007\u202eevil\u2066',
  '中文 é Å ß Ω 😀 a\u0301\u0323',
  '\\end{tabular}\\end{document}%',
] as const;

/** A run in which every checkpoint, its method, the benchmark and the alarms have such names. */
export async function hostileSummary(): Promise<Summary> {
  const [root, ...others] = HOSTILE;
  const checkpoints = [checkpoint(root), ...others.map((id) => checkpoint(id, { method: id, parent: root }))];
  const tasks = [
    task('truthfulness/mc1@x:robust', { samples: 40 }),
    task('toxicity/t@y:robust', { samples: 8 }),
  ];
  const outcomes = records(checkpoints, tasks, (_, latent, noise) => bernoulli(0.5, latent, noise));
  return summarise(input(checkpoints, tasks, outcomes, { benchmark: HOSTILE.join(' ') }));
}
