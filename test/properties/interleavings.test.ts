import { describeInterleavings } from "./interleavings.ts";

// A few on every run; interleavings.itg.test.ts does more.
describeInterleavings(30);
