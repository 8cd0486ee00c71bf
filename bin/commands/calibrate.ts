import { resolve } from 'node:path';
import { EXIT, UserError } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { nearest } from '../../core/nearest.ts';
import { type LabelledData, readCases } from '../calibrate/cases.ts';
import { type Calibration, calibrationJson, calibrationText, savedCalibration } from '../calibrate/draw.ts';
import { figuresOf } from '../calibrate/figures.ts';
import { INSTRUMENTS, type Instrument } from '../calibrate/instruments.ts';
import { askJudge, type JudgeChoice } from '../calibrate/judge.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import { printable } from '../format.ts';
import type { Io } from '../io.ts';
import { optionPairs } from '../option-pairs.ts';

/** Judges cost money, so a few hundred cases are asked unless more are wanted. */
const JUDGED_CASES = 200;

export const calibrate: CommandAction = async ([name = ''], options, io) => {
  const instrument = instrumentOf(name);
  const path = textOption(options, 'data');
  if (path === undefined) {
    throw new UserError({ field: '--data', message: 'is needed', fix: `give ${instrument.data}` });
  }
  const judge = judgeOf(instrument, options);
  const limit = limitOf(options) ?? (judge === undefined ? undefined : JUDGED_CASES);
  const data = await readCases(instrument, path, io.cwd, limit);
  const calibration = await measured(instrument, data, judge, options, io);
  if (calibration === undefined) return EXIT.interrupted;
  const save = textOption(options, 'save');
  if (save !== undefined) await keep(calibration, resolve(io.cwd, save));
  io.out(
    options.json
      ? `${JSON.stringify(calibrationJson(calibration), undefined, 2)}\n`
      : await calibrationText(calibration, io.columns),
  );
  return calibration.failed === 0 ? EXIT.fine : EXIT.failedSamples;
};

async function keep(calibration: Calibration, file: string): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(savedCalibration(calibration), undefined, 2)}\n`);
}

/** Undefined when interrupted. */
async function measured(
  instrument: Instrument,
  data: LabelledData,
  choice: JudgeChoice | undefined,
  { quiet }: OptionValues,
  io: Io,
): Promise<Calibration | undefined> {
  const { scorer } = instrument;
  if (scorer.kind === 'rule' || choice === undefined) {
    const label = scorer.kind === 'rule' ? scorer.label : () => '';
    const readings = data.cases.map((one) => ({ one, said: label(one) }));
    return { instrument, data, figures: figuresOf(instrument, readings), failed: 0 };
  }
  const stop = new AbortController();
  const unlisten = io.onInterrupt(() => stop.abort());
  try {
    const { readings, failed, model, engine, identityDigest } = await askJudge(
      choice,
      scorer,
      data.cases,
      io,
      {
        quiet,
        signal: stop.signal,
      },
    );
    const judge = printable(`${model} (${engine})`);
    const figures = figuresOf(instrument, readings);
    return { instrument, data, figures, judge, judgeIdentity: identityDigest, failed };
  } catch (error) {
    if (stop.signal.aborted) return undefined;
    throw error;
  } finally {
    unlisten();
  }
}

function instrumentOf(name: string): Instrument {
  const found = INSTRUMENTS.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = INSTRUMENTS.map((one) => one.name);
  const [close] = nearest(name, names);
  throw new UserError({
    message: `unknown scorer "${name}"`,
    fix: `There are: ${names.join(', ')}.${close === undefined ? '' : ` Did you mean ${close}?`}`,
  });
}

function judgeOf({ scorer, name }: Instrument, options: OptionValues): JudgeChoice | undefined {
  const written = textOption(options, 'judge');
  if (scorer.kind === 'rule') {
    if (written === undefined) return undefined;
    throw new UserError({ field: '--judge', message: `${name} is a rule and asks no judge` });
  }
  if (written === undefined) {
    const fix = 'add --judge adapter:model, or --judge with a benchmark that has roles.judge';
    throw new UserError({ field: '--judge', message: `${name} needs a judge`, fix });
  }
  return {
    written,
    options: optionPairs(options['judgeOption'], '--judge-option'),
    promptFormat: options['raw'] === true ? 'raw' : 'chat',
  };
}

function limitOf(options: OptionValues): number | undefined {
  const written = textOption(options, 'limit');
  if (written === undefined) return undefined;
  const limit = Number(written);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new UserError({ field: '--limit', message: `"${printable(written)}" is not a whole number above 0` });
}
