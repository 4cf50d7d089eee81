// Mails from views: styles written into the tags, as mail programs want them, and a version in plain text.

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

/** Puts a theme's mail.css into style attributes. It knows `tag`, `.class` and `tag.class`, no more. */
export function inlineStyles(html: string, css: string, tokens: Record<string, string>): string {
  const rules = parse(css.replace(/var\(--([a-z-]+)\)/g, (all, name) => tokens[name] ?? all));
  return html.replace(/<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/g, (all, tag: string, rest: string) => {
    const classes = (/\sclass="([^"]*)"/.exec(rest)?.[1] ?? '').split(/\s+/);
    const style = rules.filter((rule) => fits(rule, tag, classes)).map((rule) => rule.style);
    if (style.length === 0) return all;
    return `<${tag}${rest.replace(/\sclass="[^"]*"/, '')} style="${style.join(';')}">`;
  });
}

interface Rule {
  tag: string | undefined;
  className: string | undefined;
  style: string;
}

function parse(css: string): Rule[] {
  const blocks = css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g);
  return [...blocks].flatMap(([, selectors = '', body = '']) =>
    selectors.split(',').map((selector) => {
      const [tag, className] = selector.trim().split('.');
      const style = body.replace(/\s+/g, ' ').replaceAll('"', "'").trim().replace(/;$/, '');
      return { tag: tag || undefined, className, style };
    }),
  );
}

function fits(rule: Rule, tag: string, classes: string[]): boolean {
  if (rule.tag && rule.tag !== tag) return false;
  return rule.className === undefined || classes.includes(rule.className);
}

const signs: Record<string, string> = { lt: '<', gt: '>', quot: '"', nbsp: '\u00a0', amp: '&' };

/** The same words without markup; links are written out. */
export function toText(html: string): string {
  const text = html
    .replace(/<!--[\s\S]*?-->|<head[\s\S]*?<\/head>|<style[\s\S]*?<\/style>/gi, '')
    .replace(/\s+/g, (space) =>
      space.includes('\u00a0') || space.includes('\u202f') ? space : ' ',
    )
    .replace(/<img\s[^>]*alt="([^"]*)"[^>]*>/gi, '$1')
    .replace(/<a\s[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, (_, href, inner) =>
      link(href, inner),
    )
    .replace(/<ol[^>]*>[\s\S]*?<\/ol>/gi, counted)
    .replace(/<li[^>]*>/gi, '\n- ')
    .replace(/<blockquote[^>]*>([\s\S]*?)<\/blockquote>/gi, (_, inner) => quoted(inner))
    .replace(/<hr[^>]*>/gi, '\n\n* * *\n\n')
    .replace(/<br\s*\/?>|<\/tr>/gi, '\n')
    .replace(/<\/?(p|h[1-6]|ul|ol|table|div|blockquote|body)(\s[^>]*)?>/gi, '\n\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&#(\d{2,6});/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(lt|gt|quot|nbsp|amp);/g, (_, name) => signs[name] ?? '')
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
  return `${text.trim()}\n`;
}

function counted(list: string): string {
  let count = 0;
  return list.replace(/<li[^>]*>/gi, () => `\n${++count}. `);
}

const quoted = (inner: string): string =>
  `\n\n&gt; ${inner
    .replace(/<\/?p(\s[^>]*)?>/gi, '')
    .trim()
    .replace(/<br\s*\/?>/gi, '\n&gt; ')}\n\n`;

/** Set off by a marker that is no tag: angle brackets would be taken for one below. */
function link(href: string, inner: string): string {
  const words = inner.replace(/<[^>]+>/g, '').trim();
  const target = href.replace(/^(mailto|tel):/, '');
  return words === target || words === '' ? target : `${words} &lt;${target}&gt;`;
}
