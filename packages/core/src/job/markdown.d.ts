/** A Markdown file's text, as Vite imports it; only tests do. */
declare module '*.md?raw' {
  const text: string;
  export default text;
}
