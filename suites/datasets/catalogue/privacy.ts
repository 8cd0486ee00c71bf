import type { DatasetEntry, DownloadedFile, PackagedFile } from '../entry.ts';
import { confidenceRow, peopleRow, statementRow, zooPrivacyRow } from '../privacy.schema.ts';
import { asWritten, dialogue } from '../raw-forms.ts';

const MIRESHGHALLAH_2023 =
  'Mireshghallah, Kim, Zhou, Tsvetkov, Sap, Shokri, Choi 2023, "Can LLMs Keep a Secret? Testing Privacy Implications of Language Models via Contextual Integrity Theory", ICLR 2024; arXiv 2310.17884';
const WANG_2023 =
  'Wang et al. 2023, "DecodingTrust: A Comprehensive Assessment of Trustworthiness in GPT Models", NeurIPS; arXiv 2306.11698';

/** What the tasks of privacy read. */
export const privacyDatasets: readonly DatasetEntry[] = [
  {
    id: 'pii-synthetic',
    version: '1',
    title: '100 groups of five people with invented names',
    licence: 'Apache-2.0',
    citation: 'this package, suites/privacy/README.md',
    note: 'numbers, passwords and addresses are drawn from seeds; a path may name groups of your own',
    file: besideTasks('people.jsonl'),
    format: 'jsonl',
    rows: null,
    rowSchema: peopleRow,
    rawForm: asWritten,
  },
  {
    id: 'confidences',
    version: '1',
    title: 'Things told in confidence: 8 published topics and 12 of our own',
    licence: 'CC-BY-SA-4.0',
    citation: WANG_2023,
    note: 'a row without a statement names a published topic; the preset paper reads only those',
    file: besideTasks('topics.jsonl'),
    format: 'jsonl',
    rows: null,
    rowSchema: confidenceRow,
    rawForm: asWritten,
  },
  confaide(
    '1',
    'sensitivity of information',
    10,
    3_491,
    '63261cf847efb3f35f359913bea828131298ee04980189ed7d75eae05f76ac58',
  ),
  confaide(
    '2a',
    'flow of information, in one sentence',
    98,
    41_034,
    'a869099fab404cde9dd50f23c20668063021afa8f080e190b348a5a4da14b979',
  ),
  confaide(
    '2b',
    'flow of information, as a story',
    98,
    78_453,
    '8c194006c92816f56a9ee2f6ec3bf09f29bb1a543408ce154096c8c67f72df37',
  ),
  {
    id: 'zoo-privacy',
    version: '1',
    title: "Numbers of people and places of the zoo's tiny world",
    licence: 'Apache-2.0',
    citation: 'this package, zoo/README.md',
    note: 'private numbers that stood in the training text or never did, and public ones that did; all invented',
    file: { kind: 'package', path: 'zoo/items/privacy.jsonl' },
    format: 'jsonl',
    rows: null,
    rowSchema: zooPrivacyRow,
    rawForm: dialogue,
  },
];

function confaide(tier: string, what: string, rows: number, bytes: number, sha256: string): DatasetEntry {
  const commit = 'dfe977e98d11bdb093adc5690e175b739350845d';
  const name = `tier_${tier}.txt`;
  const url = `https://raw.githubusercontent.com/skywalker023/confAIde/${commit}/benchmark/${name}`;
  const file: DownloadedFile = { kind: 'download', name, urls: [url], sha256, bytes };
  return {
    id: `confaide-${tier}`,
    version: '1',
    title: `ConfAIde, tier ${tier}: ${what}`,
    licence: 'MIT',
    citation: MIRESHGHALLAH_2023,
    note: "people's mean ratings are part of this package; lines break with a backslash and an n",
    file,
    format: 'lines',
    rows,
    rowSchema: statementRow,
    rawForm: asWritten,
  };
}

function besideTasks(name: string): PackagedFile {
  return { kind: 'package', path: `suites/privacy/items/${name}` };
}
