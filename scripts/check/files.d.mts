export declare const root: string;
export declare function listFiles(pattern: RegExp): string[];
