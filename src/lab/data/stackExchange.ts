import { basename, dirname, resolve } from 'node:path';

/** The sites of the network that have a name of their own, with those in other languages and their metas. */
const site =
  /(?:[a-z]+\.)*(?:stackexchange|stackoverflow|serverfault|superuser|askubuntu|stackapps)\.com|(?:meta\.)?mathoverflow\.net/i;

export const stackExchangeLicence = 'CC BY-SA 2.5, 3.0 or 4.0, by the date of each post';

/** The site whose dump a file belongs to, by the names of the file and its folder; undefined if neither says. */
export function siteOf(path: string): string | undefined {
  const full = resolve(path);
  return (site.exec(basename(full)) ?? site.exec(basename(dirname(full))))?.[0].toLowerCase();
}

/** The authors of the posts of a dump. Ids of posts are kept; if the site is known, they lead to the authors. */
export function stackExchangeAttribution(site: string | undefined): string {
  if (site === undefined) return 'Questions and answers by the users of a Stack Exchange site.';
  return `Questions and answers by the users of ${site}; the post with id N, and its author, are at https://${site}/q/N`;
}
