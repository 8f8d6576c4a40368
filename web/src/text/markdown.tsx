import Base, { type Components } from 'react-markdown';
import gfm from 'remark-gfm';

/** Nothing that a note names is fetched by looking at it: pictures are shown as links. */
const components: Components = {
  a: ({ href, children }) => (
    <a href={href} rel="noreferrer noopener" target="_blank" className="text-accent underline underline-offset-2">
      {children}
    </a>
  ),
  img: ({ src, alt }) => (
    <a
      href={typeof src === 'string' ? src : ''}
      rel="noreferrer noopener"
      target="_blank"
      className="text-accent underline"
    >
      {alt || src}
    </a>
  ),
  h1: ({ children }) => <h3 className="mt-3 mb-1 font-semibold">{children}</h3>,
  h2: ({ children }) => <h4 className="mt-3 mb-1 font-semibold">{children}</h4>,
  h3: ({ children }) => <h5 className="mt-3 mb-1 font-medium">{children}</h5>,
  p: ({ children }) => <p className="written my-1.5 break-words">{children}</p>,
  ul: ({ children }) => <ul className="my-1.5 list-disc pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="my-1.5 list-decimal pl-5">{children}</ol>,
  blockquote: ({ children }) => (
    <blockquote className="my-2 border-l-2 border-line-strong pl-3 text-ink-2">{children}</blockquote>
  ),
  code: ({ children }) => <code className="rounded bg-sunken px-1 font-mono text-[0.85em]">{children}</code>,
  pre: ({ children }) => <pre className="my-2 overflow-x-auto rounded-lg bg-sunken p-3 text-xs">{children}</pre>,
  table: ({ children }) => (
    <table className="my-2 text-sm [&_td]:border [&_td]:border-line [&_td]:px-2 [&_th]:border [&_th]:border-line [&_th]:px-2">
      {children}
    </table>
  ),
};

/** Markdown as people write it; HTML in it is text. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className="text-sm">
      <Base remarkPlugins={[gfm]} components={components}>
        {text}
      </Base>
    </div>
  );
}
