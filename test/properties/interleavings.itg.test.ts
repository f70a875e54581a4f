import { describeInterleavings } from "./interleavings.ts";

describeInterleavings(200);
