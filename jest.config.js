export default {
  testEnvironment: 'node',
  // Many tests run the real program, a real engine or a real server; the bound only ends what hangs.
  testTimeout: 60_000,
  // What a test file imported as ES modules is never let go, so workers start afresh before they hold too much. One
  // worker alone would be no process of its own, and could not.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/servers/', '<rootDir>/test/browser/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/stubs/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
      },
    ],
  },
};
