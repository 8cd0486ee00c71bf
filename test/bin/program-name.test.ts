import { describe, expect, it } from '@jest/globals';
import { programName } from '../../bin/program-name.ts';

describe('how hints call the program', () => {
  it('is as it was called', () => {
    expect(programName({ env: { npm_command: 'exec' } })).toBe('npx aligntrust');
    expect(programName({ env: { npm_command: 'test' } })).toBe('aligntrust');
    expect(programName({ env: {} })).toBe('aligntrust');
  });
});
