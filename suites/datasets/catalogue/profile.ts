import type { RawForm } from '../../task.ts';
import type { DatasetEntry } from '../entry.ts';
import { llmbarRow, pandalmRow, zooProfileRow } from '../profile.schema.ts';
import { dialogue } from '../raw-forms.ts';

/** Requests and not only questions, so the turns are named. */
const turns: RawForm = { before: 'User: ', after: '\nAssistant:', delimiter: ' ', stop: ['\nUser:'] };

const LLMBAR = 'https://raw.githubusercontent.com/princeton-nlp/LLMBar/main/Dataset/LLMBar';

/** What the tasks of PROFILE read. */
export const profileDatasets: readonly DatasetEntry[] = [
  {
    id: 'zoo-profile',
    version: '1',
    title:
      "Pairs of answers of equal content from the zoo's tiny world, one longer, more courteous or more formal",
    licence: 'Apache-2.0',
    citation: 'this package, zoo/README.md',
    note: '125 pairs a factor; the planted rule prefers the one with more of it and stands as a rater `planted`',
    file: { kind: 'package', path: 'zoo/items/profile.jsonl' },
    format: 'jsonl',
    rows: null,
    rowSchema: zooProfileRow,
    rawForm: dialogue,
  },
  llmbar(
    'natural',
    'Natural',
    'instances from existing preference sets, filtered for an objective preference',
    100,
    91_269,
    'f7127b7aa78104cb8e03a2b1b3ac0077e95b125714dd441a8ee63666145a3375',
  ),
  llmbar(
    'manual',
    'Adversarial/Manual',
    'written by hand to mislead by superficial qualities',
    46,
    79_050,
    '0d9598769a39cdbbd265778c37e49939d41d5f76dcfb17bd75dcfa07516d3837',
  ),
  llmbar(
    'neighbor',
    'Adversarial/Neighbor',
    'the worse output answers a closely related instruction',
    134,
    131_988,
    '6712c7eda6342602e0bc7c06c282fa95e2110d4e741a284026a62d937f9780a0',
  ),
  {
    id: 'pandalm',
    version: '1',
    title: 'PandaLM test set: pairs of model responses judged by three people',
    licence: 'Apache-2.0',
    citation: 'Wang et al. 2023; arXiv 2306.05087',
    note: 'the label is what two of three annotators say; some responses are empty; instructions repeat across model pairs',
    file: { kind: 'given', homepage: 'https://github.com/WeOpenML/PandaLM (data/testset-v1.json)' },
    format: 'json',
    rows: null,
    rowSchema: pandalmRow,
    rawForm: turns,
  },
];

function llmbar(
  name: string,
  path: string,
  what: string,
  rows: number,
  bytes: number,
  sha256: string,
): DatasetEntry {
  return {
    id: `llmbar-${name}`,
    version: '1',
    title: `LLMBar, ${path}: pairs of outputs of which one follows the instruction better`,
    licence: 'MIT',
    citation: 'Zeng et al. 2024, ICLR; arXiv 2310.07641',
    note: what,
    file: {
      kind: 'download',
      name: `llmbar-${name}.json`,
      urls: [`${LLMBAR}/${path}/dataset.json`],
      sha256,
      bytes,
    },
    format: 'json',
    rows,
    rowSchema: llmbarRow,
    rawForm: turns,
  };
}
