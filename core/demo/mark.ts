// Whether an invented party is here, from memory: every page of the admin says so, and no message leaves.
import type { Database } from '../database/connect.ts';
import { type DemoRow, findDemo } from './demo.sql.ts';

export interface DemoMark {
  current(): DemoRow | undefined;
  /** At the start and whenever the version `house` moves. */
  reload(): Promise<void>;
}

export function makeDemoMark({ db }: Database): DemoMark {
  let row: DemoRow | undefined;
  return {
    current: () => row,
    async reload() {
      row = await findDemo(db);
    },
  };
}
