export declare const childTexts: { path: string; content(): Promise<string> };
