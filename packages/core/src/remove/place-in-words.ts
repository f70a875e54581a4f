/** `web in production`. */
export const placeInWords = ({ app, environment }: { app: string; environment: string }): string =>
  `${app} in ${environment}`;
