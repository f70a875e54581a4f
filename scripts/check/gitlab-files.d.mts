export declare function checkPipeline(path: string, text: string): string[];
export declare function checkGitlabFiles(): { count: number; messages: string[] };
