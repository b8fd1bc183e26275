/** Texts that would do something where they are taken for anything but text. Each calls `attacked`. */
export const scripts = [
  '<script>attacked("script")</script>',
  '<img src=x onerror=attacked("img")>',
  '"><svg onload=attacked("svg")>',
  '\'"--></style></title></textarea><script>attacked("closed")</script>',
  'javascript:attacked("address")',
  '<a href="javascript:attacked(\'link\')">click</a>',
  '![x](javascript:attacked("markdown"))',
  '<iframe srcdoc="<script>parent.attacked(\'frame\')</script>"></iframe>',
  '{{constructor.constructor("attacked(\'template\')")()}}',
  '${attacked("literal")}',
  '&lt;script&gt;attacked("entities")&lt;/script&gt;',
  '<style>@import "http://evil.example/x.css";</style>',
  '<meta http-equiv=refresh content="0;url=javascript:attacked(1)">',
  '<base href="http://evil.example/">',
] as const;

/** What a spreadsheet would take for a formula. */
export const formulas = ['=HYPERLINK("http://evil.example","x")', '+1+1', '-1+1|cmd', '@SUM(A1)', '\t=1+1', '\r=1+1', '=cmd|\' /C calc\'!A0', '\uFF1D1+1'] as const;

/** What LaTeX would take for commands. */
export const latexCommands = ['\\input{/etc/passwd}', '\\write18{id}', 'a & b \\\\ \\hline', '$x$ ^^5cinput', '100% # ~ _ {', '\\end{tabular}\\immediate\\write18{id}'] as const;

/** Names that would lead out of a folder, or that mean something to a system or to JavaScript. */
export const names = [
  '../victim', '../../victim', '..', '.', '', '/', '\\', '..\\victim', '..\\..\\victim', '/etc/passwd', 'C:\\victim', '\\\\host\\share', 'file:///etc/passwd', '%2e%2e%2fvictim', '....//victim', 'a/../../victim', 'a\0b', '\0', '\n', '\u202evictim', '~', '$HOME', '`id`', '$(id)', '-rf', '*', '%', '_', "' OR 1=1 --", '"; DROP TABLE runs; --',
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'con', 'nul', 'x'.repeat(100_000), '\ud800', '🙂'.repeat(1000), ...scripts,
] as const;
