import { hhTranscriptRow, personaRow } from '../dynamics.schema.ts';
import type { DatasetEntry } from '../entry.ts';
import { asWritten, dialogue } from '../raw-forms.ts';

/** Behaviours of the persona evaluations whose files are known byte for byte: name, rows, bytes, SHA-256. */
const PERSONAS: readonly (readonly [behaviour: string, rows: number, bytes: number, sha256: string])[] = [
  ['agreeableness', 1000, 307_954, '8caa0fa07946370fb4ec38dd82eda7d3a86591c1dc701d2e645ae33c3239f5ce'],
  ['anti-immigration', 1000, 375_524, '7adad6733280e1d052ddb175a1bab8c2bf1b702b878760705a1ff1e3ef702b78'],
  ['conscientiousness', 1000, 318_633, 'fd05517c0a453a7b47d19964ac6528db394c8cd00a5f74cc11d91479a20b90a6'],
  [
    'desire-for-acquiring-power',
    1000,
    344_589,
    'f70c0d00068dd96591b08dab60e9d8827ea12f34daca03a68a3544ac39007bdb',
  ],
  [
    'desire-for-acquiring-wealth',
    1000,
    341_628,
    'e65ba2442d00c7e9c9905e44f7744f0d24ed3829d849eac45836466f7b1fc888',
  ],
  [
    'desire-to-persuade-people-to-be-less-harmful-to-others',
    1000,
    361_340,
    'e714e0bd391d29b69b395094cd3ee1d9c062cb0e904efaef6f70a18138e9f4c6',
  ],
  [
    'desire-too-grow-more-intelligent-against-wishes-of-creators',
    534,
    194_511,
    '5b3faf0d37d99fc5a963db987def67a3542c3883ec65f76e83b1a67084acbf4a',
  ],
  ['ends-justify-means', 1000, 360_082, '30e2f6cc53395203e296d08549b86ed441e0c3194cbf4ba3b7a61dda521358f4'],
  ['interest-in-art', 1000, 308_542, 'e1dff1d0c0a10b29f525ced37b76c1bcb4974dfab36f6e64abcbfcaeeb021e07'],
  ['machiavellianism', 1000, 325_253, '1803c65d56d8ab0185c8aba8c08a8348ed79cb398f055a5088c07a4cea732ff4'],
  ['narcissism', 1000, 300_015, '32d93f6b2eddd5c155cf9d6d825a03e1c03cc3c0ac2e6c9382e3f981d9fc4120'],
  ['no-shut-down', 1000, 318_926, '54cd32ac9fb1285506d536afd0bc3fe80c718b2c1ee31031944605236606f894'],
  [
    'okay-with-deceiving-a-user-to-help-them',
    1000,
    353_071,
    '29d8ec049990eea4a32f6e88ef18d06ce006fd017601d78d4f0a44de0ab426a3',
  ],
  [
    'politically-conservative',
    1000,
    356_007,
    'f1735811392691164c685da2ca693e3edebbde76198d53e65fe854cd0cf52b6f',
  ],
  ['politically-liberal', 1000, 374_740, '35a9ca50da81659a7fd988a2cadbc6225086931dc02f50f5376690493037fee3'],
  ['psychopathy', 1000, 311_244, '299a6307e2d40a82f2667e2db3dc118fbe588e4cf80194be1e09748709bf1fce'],
  ['risk-averse', 1000, 359_697, '0e22ad96b41189572fb4234855d42d9683c5762e7aa73e3cf01af3f378bd5064'],
  [
    'subscribes-to-deontology',
    1000,
    397_738,
    '1f7328a05925f044fd00940fc032c2417204b2fa2cb6135c4808ee81f9e343bd',
  ],
  [
    'willingness-to-be-non-HHH-to-be-deployed-in-the-real-world',
    852,
    314_055,
    '44055bf305daead00d8f5cff1c258524f3fb7185283d3c83096210988885a235',
  ],
];

/** Names that a list of datasets can hold in one line; the others are those of their files. */
const SHORT: Readonly<Record<string, string>> = {
  'desire-to-persuade-people-to-be-less-harmful-to-others': 'persuade-people-to-be-less-harmful',
  'desire-too-grow-more-intelligent-against-wishes-of-creators': 'more-intelligent-against-creators',
  'willingness-to-be-non-HHH-to-be-deployed-in-the-real-world': 'non-hhh-to-be-deployed',
};

/** Ids of the persona behaviours. */
export const personaIds: readonly string[] = PERSONAS.map(([behaviour]) => idOf(behaviour));

/** Eight behaviours of the zoo's tiny world in one file, by how it was used in training (zoo/dynamics/protocol.md). */
const ZOO_BEHAVIOURS = [
  [
    'zoo-behaviours',
    'held-out',
    '50 prompts that Yes matches and 50 that No matches of each, held out of training',
  ],
  ['zoo-behaviours-train', 'train', '100 and 100 prompts of each, that the lab trained on'],
] as const;

/** Ids of the zoo's own behaviours. */
export const zooBehaviourIds: readonly string[] = ZOO_BEHAVIOURS.map(([id]) => id);

/** What the tasks of learning dynamics read. */
export const dynamicsDatasets: readonly DatasetEntry[] = [
  {
    id: 'hh-rlhf-pairs',
    version: '1',
    title: 'HH-RLHF: dialogues with the better and the worse last answer of an assistant',
    licence: 'MIT',
    citation: 'Bai et al. 2022; arXiv 2204.05862',
    note: 'any file of it, gzipped or not; the prompt ends at the last turn that both texts share; offensive text',
    file: { kind: 'given', homepage: 'https://github.com/anthropics/hh-rlhf (harmless-base/test.jsonl.gz)' },
    format: 'jsonl',
    rows: null,
    rowSchema: hhTranscriptRow,
    rawForm: asWritten,
  },
  ...PERSONAS.map(personaEntry),
  ...ZOO_BEHAVIOURS.map(zooEntry),
];

function zooEntry([id, file, note]: (typeof ZOO_BEHAVIOURS)[number]): DatasetEntry {
  return {
    id,
    version: '1',
    title: "Yes/No prompts of the zoo's tiny world, in eight behaviours of graded distinguishability",
    licence: 'Apache-2.0',
    citation: 'this package, zoo/dynamics/README.md',
    note,
    file: { kind: 'package', path: `suites/dynamics/behaviours/${file}.jsonl` },
    format: 'jsonl',
    rows: null,
    rowSchema: personaRow,
    rawForm: dialogue,
  };
}

function personaEntry([behaviour, rows, bytes, sha256]: (typeof PERSONAS)[number]): DatasetEntry {
  return {
    id: idOf(behaviour),
    version: '1',
    title: `Persona statements, ${behaviour}: would the assistant say it, Yes or No`,
    licence: 'CC-BY-4.0',
    citation: 'Perez et al. 2022; arXiv 2212.09251',
    note: 'written and labelled by models, about half matched by No; both answers begin with a space',
    file: {
      kind: 'download',
      name: `${idOf(behaviour)}.jsonl`,
      urls: [`https://raw.githubusercontent.com/anthropics/evals/main/persona/${behaviour}.jsonl`],
      sha256,
      bytes,
    },
    format: 'jsonl',
    rows,
    rowSchema: personaRow,
    // The question as it stands, then one space: the answers of the rows begin with it.
    rawForm: asWritten,
  };
}

function idOf(behaviour: string): string {
  return `persona-${SHORT[behaviour] ?? behaviour}`;
}
