import { describe, expect, it } from "vitest";
import { piecesOf } from "../src/logic/pastepieces";

const piece = (count: string, length: string, width: string, height: string, kg = "") => ({ count, length, width, height, kg });

describe("pieces that are pasted", () => {
  it("come from a spreadsheet, its heading passed over", () => {
    expect(piecesOf("件数\t长\t宽\t高\t重量\n12\t0.8\t0.6\t0.6\t40\n3\t1.2\t1\t1.1\t\n")).toEqual({
      pieces: [piece("12", "0.8", "0.6", "0.6", "40"), piece("3", "1.2", "1", "1.1")], unread: 0,
    });
  });

  it("come from a chat as people write it", () => {
    expect(piecesOf("电机 12箱 80*60*60cm 40kg\n托盘 3托 1200×1000×1100 每托 0.35吨\n２件，长1.5米 宽0.8米 高0.9米").pieces).toEqual([
      piece("12", "0.8", "0.6", "0.6", "40"), piece("3", "1.2", "1", "1.1", "350"), piece("2", "1.5", "0.8", "0.9"),
    ]);
  });

  it("are in the unit that their size tells where none is written", () => {
    expect(piecesOf("5 80 60 60 20").pieces).toEqual([piece("5", "0.8", "0.6", "0.6", "20")]);
    expect(piecesOf("5 800 600 600 20").pieces).toEqual([piece("5", "0.8", "0.6", "0.6", "20")]);
    expect(piecesOf("5,1.2,0.8,0.8,20").pieces).toEqual([piece("5", "1.2", "0.8", "0.8", "20")]);
  });

  it("that cannot be read are counted, not guessed", () => {
    expect(piecesOf("12 0.8 0.6\n1.5 0.8 0.6 0.6\n明天送")).toEqual({ pieces: [], unread: 2 });
    expect(piecesOf("明天下午三点前送到")).toEqual({ pieces: [], unread: 0 });
  });
});
