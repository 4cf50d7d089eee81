// What a page shows of a look beside its stylesheet: the logo for the ground it stands on, icon, header and footer.

import { type Dress, type Footer, type Header, onColour, type Picture } from './look.ts';
import type { WholeLook } from './look-sheets.ts';

/** The logo, and the one that takes its place where the reader's screen is dark. */
export interface ShownLogo extends Picture {
  dark?: Picture;
}

/** Joins `it.site` of a theme's layout: only what the party chose. */
export function siteDress({ dress, tokens }: WholeLook): SiteDress {
  const { header, footer, icon } = dress;
  const isBand = (header?.ground ?? 'accent') === 'accent';
  const logo = isBand ? logoOn(dress, tokens['accent']) : logoOnPaper({ dress, tokens });
  return {
    ...(logo && { logo }),
    ...(icon && { icon: icon.src }),
    ...(header && { header }),
    ...(footer?.text && { address: footer.text }),
    ...(footer?.links.length && { social: footer.links }),
    ...(footer && { footer: { align: footer.align } }),
  };
}

interface SiteDress {
  logo?: ShownLogo;
  icon?: string;
  header?: Header;
  footer?: Pick<Footer, 'align'>;
  address?: string;
  social?: Footer['links'];
}

/** On the ground of a page, which turns dark unless that is switched off. */
export function logoOnPaper({ dress, tokens }: WholeLook): ShownLogo | undefined {
  const logo = logoOn(dress, tokens['paper']);
  const dark = dress.dark === false ? undefined : logoOn(dress, '#000000');
  return logo && { ...logo, ...(dark?.src !== logo.src && { dark }) };
}

/** Mail programs draw no SVG. */
export function logoInMail({ dress, tokens }: WholeLook): Picture | undefined {
  const logo = logoOn(dress, tokens['accent']);
  return logo?.type === 'image/svg+xml' ? undefined : logo;
}

/** Files that a page needs before it can be drawn as it will stay. */
export function fontsOf({ headingFont, bodyFont }: Dress): { src: string; type: string }[] {
  const fonts = [headingFont, bodyFont].filter((font) => font !== undefined);
  return [...new Map(fonts.map((font) => [font.src, { src: font.src, type: font.type }])).values()];
}

function logoOn({ logo, logoDark }: Dress, ground = '#ffffff'): Picture | undefined {
  return onColour(ground) === '#ffffff' ? (logoDark ?? logo) : (logo ?? logoDark);
}
