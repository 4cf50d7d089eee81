// Templates: compiled once a file, escaping by default, their faults told by file and line.
import { readFileSync, statSync } from 'node:fs';
import { Eta } from 'eta/core';
import { SafeHtml } from './safe.ts';

/** What went wrong in a view, and where; `cause` is what was thrown there. */
export class ViewError extends Error {
  override readonly name = 'ViewError';
  readonly file: string;
  readonly line: number | undefined;

  constructor(file: string, line: number | undefined, cause: unknown) {
    const what = cause instanceof Error ? cause.message : String(cause);
    super(`${file}${line === undefined ? '' : `:${line}`}: ${what}`, { cause });
    this.file = file;
    this.line = line;
  }
}

export interface Templates {
  render(file: string, data: object): SafeHtml;
  /** Throws a ViewError when the file does not compile. */
  check(file: string): void;
  forget(): void;
}

type Template = (data: object) => string;

/** `watch`: a changed file is compiled again. */
export function makeTemplates(watch: boolean): Templates {
  const eta = new Eta({ escapeFunction: escape, debug: true, autoTrim: [false, 'nl'] });
  const compiled = new Map<string, { changed: number; template: Template }>();

  function compile(file: string): Template {
    const changed = watch ? statSync(file).mtimeMs : 0;
    const held = compiled.get(file);
    if (held?.changed === changed) return held.template;
    const template = compileFile(eta, file);
    compiled.set(file, { changed, template });
    return template;
  }

  return {
    render: (file, data) => new SafeHtml(compile(file)(data)),
    check: (file) => void compileFile(eta, file),
    forget: () => compiled.clear(),
  };
}

function compileFile(eta: Eta, file: string): Template {
  const source = readFileSync(file, 'utf8');
  const made = (() => {
    try {
      return eta.compile(source, { filepath: file });
    } catch (cause) {
      throw new ViewError(file, lineOfSyntax(cause), firstLines(cause));
    }
  })();
  return (data) => {
    try {
      return made.call(eta, data, { filepath: file });
    } catch (error) {
      throw located(file, error);
    }
  };
}

/** Eta puts `file:line` on the first line of the message and what was thrown in `cause`. */
function located(file: string, error: unknown): ViewError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof ViewError) return cause;
  const line = error instanceof Error ? /:(\d+)\n/.exec(error.message)?.[1] : undefined;
  return new ViewError(file, line === undefined ? undefined : Number(line), cause);
}

function lineOfSyntax(error: unknown): number | undefined {
  const line = error instanceof Error ? /at line (\d+)/.exec(error.message)?.[1] : undefined;
  return line === undefined ? undefined : Number(line);
}

/** Eta prints the whole compiled function below; two lines say it. */
function firstLines(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n').filter(Boolean).slice(0, 2).join(': ');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What `<%= %>` does: text becomes HTML, SafeHtml stays, nothing is written for `undefined`. */
export function escape(value: unknown): string {
  if (value instanceof SafeHtml) return value.html;
  if (Array.isArray(value)) return value.map(escape).join('');
  if (value === undefined || value === null || value === false) return '';
  return String(value).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
