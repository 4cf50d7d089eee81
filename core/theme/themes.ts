// Themes: found, checked, and the rendering of views through them.
import type { Scope } from '../scope.ts';

export type Surface = 'site' | 'admin' | 'mail';

export interface RenderRequest {
  scope: Scope;
  surface: Surface;
  /** `<plugin or core area>/<view>`, e.g. `people/person-list`. */
  view: string;
  data: object;
  /** Data of the frame; `false` renders the view alone. */
  frame?: object | false;
}

export interface Themes {
  render(request: RenderRequest): Promise<string>;
  /** Address of a file of the site's theme, with its digest in it. */
  asset(scope: Scope, path: string): string;
  list(): readonly { id: string; folder: string; parent?: string; fault?: string }[];
}
