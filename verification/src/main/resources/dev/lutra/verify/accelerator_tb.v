// SPDX-License-Identifier: Apache-2.0
//
// Accelerator_tb
//
// Self-checking test bench. memory.hex holds a program, packed weights and
// activations; one region is started over AXI4-Lite, served from a memory
// behind AXI4, and its results are compared with expected.hex, which comes
// from the functional model. Prints PASS or FAIL; vvp -N exits with 1 on FAIL.

`default_nettype none

module Accelerator_tb;

  localparam ADDRESS_BITS = @ADDRESS_BITS@;
  localparam BEAT_BITS = @BEAT_BITS@;
  localparam BEAT_SHIFT = @BEAT_SHIFT@;
  localparam MEMORY_BEATS = @MEMORY_BEATS@;
  localparam RESULT_FIRST = @RESULT_FIRST@; // beat of the first result
  localparam RESULT_BEATS = @RESULT_BEATS@;
  localparam TIME_LIMIT = 1000000; // cycles

  reg clk = 1'b0;
  reg rst = 1'b1;
  always #5 clk = ~clk;

  // --- AXI4-Lite master -----------------------------------------------------
  reg         awvalid = 1'b0, wvalid = 1'b0, arvalid = 1'b0;
  reg  [7:0]  awaddr = 8'd0, araddr = 8'd0;
  reg  [31:0] wdata = 32'd0;
  wire        awready, wready, bvalid, arready, rvalid;
  wire [31:0] rdata;
  wire [1:0]  lite_bresp, lite_rresp;

  // --- AXI4 memory ----------------------------------------------------------
  reg  [BEAT_BITS-1:0] memory [0:MEMORY_BEATS-1];
  reg  [BEAT_BITS-1:0] expected [0:RESULT_BEATS-1];

  wire                    m_arvalid, m_rready, m_awvalid, m_wvalid, m_wlast, m_bready;
  wire [ADDRESS_BITS-1:0] m_araddr, m_awaddr;
  wire [7:0]              m_arlen, m_awlen;
  wire [2:0]              m_arsize, m_awsize;
  wire [1:0]              m_arburst, m_awburst, m_arid, m_awid;
  wire [BEAT_BITS-1:0]    m_wdata;
  wire [BEAT_BITS/8-1:0]  m_wstrb;
  wire                    irq;

  // Bursts wait in a queue and are read one after the other.
  reg  [ADDRESS_BITS-1:0] queue_beat [0:15];
  reg  [7:0]              queue_length [0:15];
  reg  [1:0]              queue_id [0:15];
  reg  [4:0]              queue_in = 5'd0, queue_out = 5'd0;
  reg  [7:0]              read_index = 8'd0;
  wire                    queue_full = queue_in - queue_out == 5'd16;
  wire                    reading = queue_in != queue_out;
  wire [ADDRESS_BITS-1:0] read_beat = queue_beat[queue_out[3:0]] + read_index;
  wire                    read_last = read_index == queue_length[queue_out[3:0]];

  always @(posedge clk) begin
    if (m_arvalid && !queue_full) begin
      queue_beat[queue_in[3:0]] <= m_araddr >> BEAT_SHIFT;
      queue_length[queue_in[3:0]] <= m_arlen;
      queue_id[queue_in[3:0]] <= m_arid;
      queue_in <= queue_in + 5'd1;
    end
    if (reading && m_rready) begin
      read_index <= read_last ? 8'd0 : read_index + 8'd1;
      queue_out <= queue_out + {4'd0, read_last};
    end
  end

  reg                     writing = 1'b0, responding = 1'b0;
  reg  [ADDRESS_BITS-1:0] write_beat;
  always @(posedge clk) begin
    if (m_awvalid && !writing && !responding) begin
      writing <= 1'b1;
      write_beat <= m_awaddr >> BEAT_SHIFT;
    end
    if (m_wvalid && writing) begin
      memory[write_beat] <= m_wdata;
      write_beat <= write_beat + 1;
      writing <= !m_wlast;
      responding <= m_wlast;
    end
    if (responding && m_bready) responding <= 1'b0;
  end

  Accelerator dut (
    .clk(clk),
    .rst(rst),
    .s_axi_awvalid(awvalid),
    .s_axi_awready(awready),
    .s_axi_awaddr(awaddr),
    .s_axi_wvalid(wvalid),
    .s_axi_wready(wready),
    .s_axi_wdata(wdata),
    .s_axi_wstrb(4'hf),
    .s_axi_bvalid(bvalid),
    .s_axi_bready(1'b1),
    .s_axi_bresp(lite_bresp),
    .s_axi_arvalid(arvalid),
    .s_axi_arready(arready),
    .s_axi_araddr(araddr),
    .s_axi_rvalid(rvalid),
    .s_axi_rready(1'b1),
    .s_axi_rdata(rdata),
    .s_axi_rresp(lite_rresp),
    .m_axi_arvalid(m_arvalid),
    .m_axi_arready(!queue_full),
    .m_axi_araddr(m_araddr),
    .m_axi_arlen(m_arlen),
    .m_axi_arsize(m_arsize),
    .m_axi_arburst(m_arburst),
    .m_axi_arid(m_arid),
    .m_axi_rvalid(reading),
    .m_axi_rready(m_rready),
    .m_axi_rdata(memory[read_beat]),
    .m_axi_rresp(2'b00),
    .m_axi_rlast(read_last),
    .m_axi_rid(queue_id[queue_out[3:0]]),
    .m_axi_awvalid(m_awvalid),
    .m_axi_awready(!writing && !responding),
    .m_axi_awaddr(m_awaddr),
    .m_axi_awlen(m_awlen),
    .m_axi_awsize(m_awsize),
    .m_axi_awburst(m_awburst),
    .m_axi_awid(m_awid),
    .m_axi_wvalid(m_wvalid),
    .m_axi_wready(writing),
    .m_axi_wdata(m_wdata),
    .m_axi_wstrb(m_wstrb),
    .m_axi_wlast(m_wlast),
    .m_axi_bvalid(responding),
    .m_axi_bready(m_bready),
    .m_axi_bresp(2'b00),
    .m_axi_bid(2'b00),
    .irq(irq)
  );

  task write(input [7:0] offset, input [31:0] value);
    begin
      awaddr = offset;
      wdata = value;
      awvalid = 1'b1;
      wvalid = 1'b1;
      #1 while (!(awready && wready)) @(negedge clk);
      @(negedge clk); // taken at the edge before
      awvalid = 1'b0;
      wvalid = 1'b0;
      while (!bvalid) @(negedge clk);
    end
  endtask

  task read(input [7:0] offset, output [31:0] value);
    begin
      araddr = offset;
      arvalid = 1'b1;
      #1 while (!arready) @(negedge clk);
      @(negedge clk); // taken at the edge before
      arvalid = 1'b0;
      while (!rvalid) @(negedge clk);
      value = rdata;
    end
  endtask

  task fail;
    begin
      $display("FAIL");
      $stop;
    end
  endtask

  integer beat, cycle, wrong;
  reg [31:0] value;
  initial begin
    $readmemh("memory.hex", memory);
    $readmemh("expected.hex", expected);
    repeat (4) @(negedge clk);
    rst = 1'b0;
@SETTINGS@
    write(8'h00, 32'd1); // CTRL: start
    cycle = 0;
    while (!irq && cycle < TIME_LIMIT) begin
      @(negedge clk);
      cycle = cycle + 1;
    end
    if (!irq) begin
      $display("no interrupt within %0d cycles", TIME_LIMIT);
      fail;
    end
    read(8'h90, value); // ERROR
    if (value != 32'd0) begin
      $display("the accelerator reports error %0d", value);
      fail;
    end
    wrong = 0;
    for (beat = 0; beat < RESULT_BEATS; beat = beat + 1)
      if (memory[RESULT_FIRST + beat] !== expected[beat]) begin
        if (wrong < 8)
          $display("result beat %0d: %h instead of %h", beat, memory[RESULT_FIRST + beat], expected[beat]);
        wrong = wrong + 1;
      end
    if (wrong != 0) begin
      $display("%0d of %0d beats differ", wrong, RESULT_BEATS);
      fail;
    end
    $display("PASS: %0d beats of results equal, %0d cycles", RESULT_BEATS, cycle);
    $finish;
  end

endmodule

`default_nettype wire
