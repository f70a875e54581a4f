import { describeInterleavings } from "./interleavings.ts";

describeInterleavings(400);
