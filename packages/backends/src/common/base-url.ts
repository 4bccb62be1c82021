/** An engine's OpenAI face: `<url>/v1`, whether or not the configured URL says `/v1` itself. */
export const engineBaseUrl = (url: string): string => {
  const bare = withoutTrailingSlash(url);
  return bare.endsWith('/v1') ? bare : `${bare}/v1`;
};

/** The engine's root, where `/health` and `/metrics` live beside `/v1`. */
export const engineRootUrl = (url: string): string => engineBaseUrl(url).slice(0, -'/v1'.length);

/** A cloud address with a path is taken as given (`…/v1beta/openai`); a bare host gets `/v1`. */
export const cloudBaseUrl = (url: string): string => {
  const bare = withoutTrailingSlash(url);
  return new URL(bare).pathname === '/' ? `${bare}/v1` : bare;
};

/** The Anthropic SDK adds `/v1/messages` itself. */
export const anthropicBaseUrl = (url: string): string => withoutTrailingSlash(url).replace(/\/v1$/, '');

const withoutTrailingSlash = (url: string): string => url.replace(/\/+$/, '');
