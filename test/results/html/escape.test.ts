import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeHtml, Html, html, jsonForScript, printable } from '../../../results/report/html/escape.ts';

describe('HTML from text', () => {
  it('lets no text become markup or leave an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'`]/);
        expect(escapeHtml(text).replace(/&#\d+;/g, '')).not.toContain('&');
      }),
    );
  });

  it('gives back the text that went in, but for what cannot be printed', () => {
    const unescaped = (text: string) =>
      text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unescaped(escapeHtml(text))).toBe(printable(text));
      }),
    );
  });

  it('escapes every part of a template that is not Html, in lists too', () => {
    const made = html`<b title="${'"x"'}">${['<i>', html`<u>${'&'}</u>`, 3, null]}</b>`;
    expect(made.markup).toBe('<b title="&#34;x&#34;">&#60;i&#62;<u>&#38;</u>3</b>');
    expect(html`${Html.trusted('<p>')}`.markup).toBe('<p>');
  });

  it('keeps data inside its script element and gives it back unchanged', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom('</script>', '<!--', '<script', '\u2028', '&lt;'),
        (json, evil) => {
          const value: unknown = { [evil]: [JSON.parse(json), evil] };
          const { markup } = jsonForScript(value);
          expect(markup).not.toMatch(/[<>&\u2028\u2029]/);
          expect(JSON.parse(markup)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it('shows what hides or turns the writing', () => {
    expect(printable('a\u202eb\u0000c\ud800d\r\ne\tf\u{1f600}')).toBe(
      'a\ufffdb\ufffdc\ufffdd\ne\tf\u{1f600}',
    );
  });
});
