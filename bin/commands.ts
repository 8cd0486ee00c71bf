import type { CommandSpec } from './command.ts';

const DATA_FOLDER = [
  '--data-folder <dir>',
  'where relative paths of the definition start (default: where it lay when it was run)',
] as const;
const RUNS = ['--runs <dir>', 'folder that holds the runs (default: runs)'] as const;

/** Every command of the CLI, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'run',
    summary: 'ask a benchmark of its checkpoints and report which alignment method moved what; again: resume',
    usage: '<benchmark>',
    options: [
      RUNS,
      ['--new', 'start anew although this benchmark was run before'],
      ['--skip-missing', 'leave out what a checkpoint cannot be asked, instead of refusing to start'],
    ],
    examples: ['aligntrust run tiny', 'aligntrust run mine.yaml --runs /data/runs'],
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'plan',
    summary:
      'contact every model, then say what a run would ask, cost and be able to see, and what is missing',
    usage: '<benchmark>',
    options: [
      RUNS,
      ['--like <run>', 'take the spread of differences from this run (default: the newest finished one)'],
      ['--detect <effect>', 'say how many samples it takes to see a change of this size; 0.05 is 5 points'],
    ],
    examples: ['aligntrust plan mine.yaml', 'aligntrust plan mine.yaml --detect 0.05'],
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  {
    name: 'validate',
    summary: 'check a benchmark file without contacting anything',
    usage: '<benchmark>',
    options: [],
    examples: ['aligntrust validate mine.yaml'],
    load: async () => (await import('./commands/validate.ts')).validate,
  },
  {
    name: 'init',
    summary: 'write a commented benchmark for your own lineage',
    usage: '[benchmark]',
    options: [['--from <dir>', 'read Hugging Face / TRL output folders into a lineage']],
    examples: [
      'aligntrust init > mine.yaml',
      'aligntrust init trust > mine.yaml     (one of `aligntrust list benchmarks`, to put your checkpoints in)',
      'aligntrust init --from outputs/ > mine.yaml',
    ],
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'report',
    summary: 'print the report of a run (the newest one when none is named)',
    usage: '[run]',
    options: [
      RUNS,
      ['--format <format>', 'terminal, markdown, json, csv or latex (default: terminal)'],
      ['--out <dir>', 'with csv or latex: write the files of the format into this folder'],
      ['--flips', 'list the samples that flipped in each stage, with both answers'],
      ['--most <n>', 'how many flips of each kind to list (default: 10)'],
      ['--published', 'beside it what papers reported, where this run follows their protocol (preset paper)'],
      DATA_FOLDER,
    ],
    examples: ['aligntrust report', 'aligntrust report runs/2026-11-22-tiny-7f3c2a --format markdown'],
    load: async () => (await import('./commands/report.ts')).report,
  },
  {
    name: 'compare',
    summary: 'join several runs into one table, paired where they asked the same samples',
    usage: '<runs...>',
    options: [
      RUNS,
      ['--format <format>', 'terminal, markdown, csv, latex or json (default: terminal)'],
      ['--out <dir>', 'with csv or latex: write the files of the format into this folder'],
      [
        '--against <checkpoint>',
        'hold every checkpoint of the other runs against this one, for example A/dpo',
      ],
      DATA_FOLDER,
    ],
    examples: [
      'aligntrust compare runs/2026-11-20-mine-7f3c2a runs/2026-11-22-mine-0b1d44',
      'aligntrust compare monday tuesday --against A/base --format markdown',
    ],
    load: async () => (await import('./commands/compare.ts')).compare,
  },
  {
    name: 'gate',
    summary:
      'for CI: is no checkpoint worse than its parent by more than a margin? 0 shown, 4 violated, 5 undecided',
    usage: '[run]',
    options: [
      RUNS,
      [
        '--no-worse <rule...>',
        'NAME:MARGIN: a dimension or task, and what it may lose in its own unit (0.03 of a share is 3 points)',
      ],
      ['--for <checkpoint>', 'check this checkpoint only (default: every stage of the run)'],
      ['--against <checkpoint>', 'hold it against this one (default: its parent)'],
      DATA_FOLDER,
    ],
    examples: [
      'aligntrust gate --no-worse truthfulness:0.03 --no-worse toxicity:0.01',
      'aligntrust gate runs/2026-11-22-mine-7f3c2a --for dpo --against base --no-worse refusal/xstest:0.05 --json',
    ],
    load: async () => (await import('./commands/gate.ts')).gate,
  },
  {
    name: 'rescore',
    summary: 'read the outcomes of a run again from its answers; asks nothing',
    usage: '[run]',
    options: [RUNS, DATA_FOLDER],
    examples: ['aligntrust rescore runs/2026-11-22-tiny-7f3c2a'],
    load: async () => (await import('./commands/rescore.ts')).rescoreRun,
  },
  {
    name: 'list',
    summary: 'show tasks, datasets, adapters, benchmarks, runs or numbers that papers published',
    usage: '[what]',
    options: [RUNS],
    examples: ['aligntrust list', 'aligntrust list tasks', 'aligntrust list runs'],
    load: async () => (await import('./commands/list.ts')).list,
  },
  {
    name: 'data',
    summary: 'datasets: list them with licence and size, fetch them before a run, or print where they are',
    usage: '<list|fetch|path> [datasets...]',
    options: [
      ['--benchmark <benchmark>', 'the datasets that this benchmark reads'],
      ['--all', 'with fetch: every dataset that can be downloaded'],
    ],
    examples: [
      'aligntrust data list',
      'aligntrust data fetch truthfulqa-817',
      'aligntrust data fetch --benchmark mine.yaml',
      'aligntrust data path zoo-truth',
    ],
    load: async () => (await import('./commands/data.ts')).data,
  },
  {
    name: 'overlap',
    summary: 'report which items of the datasets occur in tuning data, by runs of words; contacts nothing',
    usage: '',
    options: [
      ['--train <file...>', 'tuning data: JSONL by records, anything else as text; .gz too'],
      ['--n <n>', 'words of a run (default: 8)'],
      ['--task <task...>', 'only the datasets of these tasks, as suite/task or suite/task@dataset'],
      ['--benchmark <benchmark>', 'only the datasets of this benchmark, your own rows included'],
      ['--path <dataset=file...>', 'a dataset that you have, of the catalogue or your own rows'],
      ['--most <n>', 'how many examples of each dataset to show (default: 3)'],
    ],
    examples: [
      'aligntrust overlap --train ultrafeedback.jsonl',
      'aligntrust overlap --train sft.jsonl dpo.jsonl --benchmark mine.yaml --n 13',
    ],
    load: async () => (await import('./commands/overlap.ts')).overlap,
  },
  {
    name: 'probe',
    summary: 'say what a model can do and how it was proven; with --parity compare it with another adapter',
    usage: '<adapter> <model>',
    options: [
      ['--option <name=value...>', 'an option of the adapter, for example baseURL=http://127.0.0.1:8000/v1'],
      ['--chat', 'send chat prompts instead of raw text'],
      ['--parity <adapter:model>', 'the same weights elsewhere: print the parity certificate'],
      ['--parity-option <name=value...>', 'an option of the other adapter'],
    ],
    examples: [
      'aligntrust probe gguf zoo:dpo',
      'aligntrust probe openai my-model --option baseURL=http://127.0.0.1:8000/v1',
    ],
    load: async () => (await import('./commands/probe.ts')).probe,
  },
  {
    name: 'calibrate',
    summary: 'measure a scorer on answers that people have labelled: its errors, with intervals',
    usage: '<scorer>',
    options: [
      ['--data <file>', 'the labelled answers'],
      ['--judge <model>', 'adapter:model, or a benchmark whose roles.judge is meant'],
      ['--judge-option <name=value...>', "an option of the judge's adapter"],
      ['--raw', 'send the judge raw text instead of chat prompts'],
      ['--limit <n>', 'most cases to measure on (default: all by rule, 200 by judge)'],
      ['--save <file>', 'keep the result, for `aligntrust label RUN --calibration`'],
    ],
    examples: [
      'aligntrust calibrate refusal --data xstest_v2_completions_mistralinstruct.csv',
      'aligntrust calibrate truth-judge --data finetune_truth.jsonl --judge ollama:qwen2.5:7b',
    ],
    load: async () => (await import('./commands/calibrate.ts')).calibrate,
  },
  {
    name: 'label',
    summary: 'have people label a blind sample of judged answers, and correct the effects by their labels',
    usage: '[run]',
    options: [
      RUNS,
      ['--n <n>', 'answers to draw, over all checkpoints and verdicts (default: 200)'],
      ['--task <task...>', 'only these tasks, as suite/task or in full (default: all that a scorer judges)'],
      ['--checkpoint <id...>', 'only answers of these checkpoints (default: all but control copies)'],
      ['--out <file>', 'where the sheet goes, as CSV and as JSON lines (default: labels.csv)'],
      ['--read <file>', 'read a filled-in sheet back, CSV or JSON lines'],
      ['--calibration <file>', 'let reports say what stands if the scorer errs as in this saved calibration'],
      DATA_FOLDER,
    ],
    examples: [
      'aligntrust label runs/2026-11-22-tiny-7f3c2a --n 200 --task refusal/xstest',
      'aligntrust label runs/2026-11-22-tiny-7f3c2a --read labels.csv',
      'aligntrust label runs/2026-11-22-tiny-7f3c2a --calibration refusal.json',
    ],
    load: async () => (await import('./commands/label.ts')).label,
  },
  {
    name: 'explain-miss',
    summary: 'say which field keeps the requests of a benchmark from being served by a run',
    usage: '<benchmark> [run]',
    options: [RUNS],
    examples: ['aligntrust explain-miss mine.yaml runs/2026-11-22-mine-7f3c2a'],
    load: async () => (await import('./commands/explain-miss.ts')).explainMiss,
  },
  {
    name: 'schema',
    summary: 'print a JSON Schema: definition (benchmark files) or summary (what --json prints)',
    usage: '<name>',
    options: [],
    examples: ['aligntrust schema definition > aligntrust.schema.json'],
    load: async () => (await import('./commands/schema.ts')).schema,
  },
];
