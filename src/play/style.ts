// The style sheet of the page.

export const style = `body{font:15px/1.5 sans-serif}`;
