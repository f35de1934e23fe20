// What the page shows before its script has run.

/** @param title HTML */
export const markup = (title: string): string => `
<h1>${title}</h1>
<p id="status" role="status"></p>
<ol id="images"></ol>
`;
