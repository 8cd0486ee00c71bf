import base from './jest.config.js';

/** The page of a report in Debian's Chromium; scripts/browser/setup.sh puts it in place. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
