import { describeNamings, rows } from "./naming.ts";

describeNamings(rows);
