// SPDX-License-Identifier: Apache-2.0
//
// The AXI4 memory of docs/sim/axi-memory.md, step for step; names are those of the page. The Java model of the embedded
// engine follows the same page, and a test compares the two cycle by cycle.
#ifndef LUTRA_AXI_H
#define LUTRA_AXI_H

#include <algorithm>
#include <deque>
#include <vector>

#include "lutra_model.h"

// A port of the design as the memory sees it: absent ports read 0 and swallow writes.
class AxiSignal {
    void* address_ = nullptr;
    uint32_t bytes_ = 0;
    uint32_t width_ = 0;

public:
    AxiSignal() = default;
    AxiSignal(void* address, const lutra_port& port)
        : address_(address)
        , bytes_(port.bytes)
        , width_(port.width) {}

    uint64_t get() const {
        switch (bytes_) {
        case 0: return 0;
        case 1: return *static_cast<const uint8_t*>(address_);
        case 2: return *static_cast<const uint16_t*>(address_);
        case 4: return *static_cast<const uint32_t*>(address_);
        default: {
            uint64_t low;
            memcpy(&low, address_, sizeof low);
            return low;
        }
        }
    }

    void set(uint64_t value) {
        switch (bytes_) {
        case 0: return;
        case 1: *static_cast<uint8_t*>(address_) = static_cast<uint8_t>(value & lutra_mask(width_)); return;
        case 2: *static_cast<uint16_t*>(address_) = static_cast<uint16_t>(value & lutra_mask(width_)); return;
        case 4: *static_cast<uint32_t*>(address_) = static_cast<uint32_t>(value & lutra_mask(width_)); return;
        default: {
            const uint64_t low = value & lutra_mask(width_);
            memcpy(address_, &low, sizeof low);
            return;
        }
        }
    }

    void* bytes() { return address_; }
};

struct AxiPorts {
    // In the order of the record of the Java side.
    enum {
        ARVALID, ARREADY, ARADDR, ARLEN, ARSIZE, ARBURST, ARID,
        RVALID, RREADY, RDATA, RRESP, RLAST, RID,
        AWVALID, AWREADY, AWADDR, AWLEN, AWSIZE, AWBURST, AWID,
        WVALID, WREADY, WDATA, WSTRB, WLAST,
        BVALID, BREADY, BRESP, BID,
        COUNT
    };
};

struct AxiConfig {
    uint64_t bytes;
    uint64_t latency;
    uint64_t beats_per_1024;
    uint64_t max_reads;
    uint64_t max_writes;
    uint64_t seed;
    uint64_t stall[5];  // AR AW W R B
    uint64_t row_bytes;  // 0: neither rows nor refresh
    uint64_t banks;
    uint64_t row_miss;
    uint64_t refresh_interval;
    uint64_t refresh_cycles;
};

struct AxiViolation {
    int32_t bus;  // which memory, in order of attachment
    int32_t rule;
    int32_t channel;
    int32_t unused;
    uint64_t address;
    uint64_t id;
};

struct AxiFault {
    enum Kind { SLVERR, DECERR, HANG };
    Kind kind;
    uint64_t from, to;
    bool reads, writes;
    uint64_t first, times, count;
};

class AxiMemory {
    enum Channel { AR, AW, W, R, B };
    enum Rule {
        VALID_DROPPED, PAYLOAD_CHANGED, CROSSES_4K, SIZE_TOO_LARGE, BURST_KIND, WLAST_WRONG, STROBE_OUTSIDE
    };
    enum { OKAY = 0, RESPONSE_SLVERR = 2, RESPONSE_DECERR = 3 };

    struct Burst {
        uint64_t address;
        uint32_t length, size;
        uint64_t id;
        uint32_t response;
        uint64_t ready_at;  // of a read: earliest first beat; of a write: earliest response, once all data is there
        uint32_t beat;

        uint64_t beat_address(uint64_t i) const {
            return i == 0 ? address : (address & ~((1ull << size) - 1)) + (i << size);
        }
        uint64_t last_byte() const {
            return (beat_address(length) & ~((1ull << size) - 1)) + (1ull << size) - 1;
        }
        bool complete() const { return beat > length; }
    };

    // Address payload of a channel, kept while valid waits for ready.
    struct AddressPayload {
        uint64_t address, length, size, burst, id;
        bool operator!=(const AddressPayload& other) const {
            return address != other.address || length != other.length || size != other.size || burst != other.burst
                   || id != other.id;
        }
    };

    AxiSignal s_[AxiPorts::COUNT];
    const uint64_t data_bytes_;
    const AxiConfig config_;
    uint8_t* const contents_;
    std::vector<AxiFault> faults_;
    std::vector<uint8_t> waiting_data_;

    uint64_t t_ = 0;
    std::deque<Burst> reads_, writes_;
    std::vector<uint64_t> open_, open_at_;  // row of each bank, and when it can be read
    uint64_t refreshed_at_ = 0;
    uint64_t read_credit_ = 0, write_credit_ = 0;
    bool hung_ = false;
    bool r_held_ = false, b_held_ = false;
    bool r_valid_ = false, b_valid_ = false, ar_ready_ = false, aw_ready_ = false, w_ready_ = false;
    bool waiting_[3] = {false, false, false};  // AR AW W: valid without ready in the previous cycle
    AddressPayload waiting_address_[2];
    uint64_t waiting_strobe_[2] = {0, 0};
    uint64_t waiting_last_ = 0;
    uint64_t statistics_[4] = {0, 0, 0, 0};  // read bursts, read beats, write bursts, write beats

    bool stall(int channel, uint64_t t) const {
        if (config_.stall[channel] == 0) return false;
        uint64_t z = config_.seed + 0x9E3779B97F4A7C15ull * (8 * t + channel + 1);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        z = z ^ (z >> 31);
        return (z >> 54) < config_.stall[channel];
    }

    uint64_t bank(const Burst& burst) const { return burst.address / config_.row_bytes % config_.banks; }
    uint64_t row(const Burst& burst) const { return burst.address / config_.row_bytes / config_.banks; }

    void close_rows() {
        open_.assign(config_.banks, ~0ull);
        open_at_.assign(config_.banks, 0);
        refreshed_at_ = 0;
    }

    // Refreshes, and opens the row of the oldest burst of each bank.
    void advance_rows() {
        if (t_ > 0 && t_ % config_.refresh_interval == 0) {
            open_.assign(config_.banks, ~0ull);
            refreshed_at_ = t_ + config_.refresh_cycles;
        }
        if (t_ < refreshed_at_) return;
        uint64_t seen = 0;
        for (const Burst& burst : reads_) {
            const uint64_t b = bank(burst);
            if (!(seen >> b & 1) && open_[b] != row(burst) && t_ >= open_at_[b]) {
                open_[b] = row(burst);
                open_at_[b] = t_ + config_.row_miss;
            }
            seen |= 1ull << b;
        }
    }

    bool serves(const Burst& burst) const {
        if (config_.row_bytes == 0) return true;
        const uint64_t b = bank(burst);
        return t_ >= refreshed_at_ && open_[b] == row(burst) && t_ >= open_at_[b];
    }

    AddressPayload address_payload(int channel) const {
        const int base = channel == AR ? AxiPorts::ARADDR : AxiPorts::AWADDR;
        return {s_[base].get(), s_[base + 1].get(), s_[base + 2].get(), s_[base + 3].get(), s_[base + 4].get()};
    }

    void strobe(uint64_t out[2]) {
        out[0] = out[1] = 0;
        if (data_bytes_ <= 64) {
            out[0] = s_[AxiPorts::WSTRB].get();
        } else {
            memcpy(out, s_[AxiPorts::WSTRB].bytes(), 16);
        }
    }

    Burst* open_write() {
        for (Burst& write : writes_) {
            if (!write.complete()) return &write;
        }
        return nullptr;
    }

    // All payloads with valid low are ones.
    void idle_read_data() {
        if (s_[AxiPorts::RDATA].bytes()) memset(s_[AxiPorts::RDATA].bytes(), 0xff, data_bytes_);
        s_[AxiPorts::RRESP].set(~0ull);
        s_[AxiPorts::RLAST].set(1);
        s_[AxiPorts::RID].set(~0ull);
    }

    void idle_response() {
        s_[AxiPorts::BRESP].set(~0ull);
        s_[AxiPorts::BID].set(~0ull);
    }

    void raise_read_beat() {
        const Burst& head = reads_.front();
        if (head.response == OKAY) {
            const uint64_t line = head.beat_address(head.beat) & ~(data_bytes_ - 1);
            memcpy(s_[AxiPorts::RDATA].bytes(), contents_ + line, data_bytes_);
        } else {
            memset(s_[AxiPorts::RDATA].bytes(), 0xff, data_bytes_);
        }
        s_[AxiPorts::RRESP].set(head.response);
        s_[AxiPorts::RLAST].set(head.beat == head.length);
        s_[AxiPorts::RID].set(head.id);
    }

    // The fate of a burst, decided at its address handshake.
    uint32_t response_to(const Burst& burst, bool read) {
        const uint64_t low = burst.address;
        const uint64_t high = burst.last_byte();
        uint32_t response = high >= config_.bytes ? RESPONSE_DECERR : OKAY;
        for (AxiFault& fault : faults_) {
            if (!(read ? fault.reads : fault.writes) || low >= fault.to || high < fault.from) continue;
            ++fault.count;
            if (fault.count < fault.first || fault.count - fault.first >= fault.times) continue;
            if (fault.kind == AxiFault::HANG) {
                hung_ = true;
            } else if (response == OKAY) {
                response = fault.kind == AxiFault::SLVERR ? RESPONSE_SLVERR : RESPONSE_DECERR;
            }
        }
        return response;
    }

    static bool violated(AxiViolation* out, Rule rule, Channel channel, uint64_t address, uint64_t id) {
        out->rule = rule;
        out->channel = channel;
        out->address = address;
        out->id = id;
        return true;
    }

    bool check_address(Channel channel, AxiViolation* out) {
        const bool valid = s_[channel == AR ? AxiPorts::ARVALID : AxiPorts::AWVALID].get();
        if (!valid && !waiting_[channel]) return false;
        const AddressPayload& before = waiting_address_[channel];
        if (!valid) return violated(out, VALID_DROPPED, channel, before.address, before.id);
        const AddressPayload now = address_payload(channel);
        if (waiting_[channel] && now != before) return violated(out, PAYLOAD_CHANGED, channel, now.address, now.id);
        if (now.burst != 1) return violated(out, BURST_KIND, channel, now.address, now.id);
        if ((1ull << now.size) > data_bytes_) return violated(out, SIZE_TOO_LARGE, channel, now.address, now.id);
        const Burst burst = burst_of(now);
        if (burst.address >> 12 != burst.last_byte() >> 12) {
            return violated(out, CROSSES_4K, channel, now.address, now.id);
        }
        return false;
    }

    bool check_data(AxiViolation* out) {
        const bool valid = s_[AxiPorts::WVALID].get();
        if (!valid && !waiting_[W]) return false;
        const Burst* const open = open_write();
        const uint64_t address = open ? open->beat_address(open->beat) : 0;
        const uint64_t id = open ? open->id : 0;
        if (!valid) return violated(out, VALID_DROPPED, W, address, id);
        uint64_t strobes[2];
        strobe(strobes);
        const uint64_t last = s_[AxiPorts::WLAST].get();
        if (waiting_[W]
            && (last != waiting_last_ || strobes[0] != waiting_strobe_[0] || strobes[1] != waiting_strobe_[1]
                || memcmp(s_[AxiPorts::WDATA].bytes(), waiting_data_.data(), data_bytes_) != 0)) {
            return violated(out, PAYLOAD_CHANGED, W, address, id);
        }
        if (!open) return false;
        if (last != (open->beat == open->length)) return violated(out, WLAST_WRONG, W, address, id);
        const uint64_t from = address & (data_bytes_ - 1);
        const uint64_t to = (address & (data_bytes_ - 1) & ~((1ull << open->size) - 1)) + (1ull << open->size);
        for (uint64_t lane = 0; lane < data_bytes_; ++lane) {
            if ((lane < from || lane >= to) && (strobes[lane >> 6] >> (lane & 63) & 1)) {
                return violated(out, STROBE_OUTSIDE, W, address, id);
            }
        }
        return false;
    }

    static Burst burst_of(const AddressPayload& p) {
        return {p.address, static_cast<uint32_t>(p.length), static_cast<uint32_t>(p.size), p.id, OKAY, 0, 0};
    }

public:
    AxiMemory(const AxiSignal* signals, uint64_t data_bytes, const AxiConfig& config, uint8_t* contents)
        : data_bytes_(data_bytes)
        , config_(config)
        , contents_(contents)
        , waiting_data_(data_bytes) {
        for (int i = 0; i < AxiPorts::COUNT; ++i) s_[i] = signals[i];
        close_rows();
        drive();
    }

    // While reset is held.
    void idle() {
        s_[AxiPorts::ARREADY].set(0);
        s_[AxiPorts::AWREADY].set(0);
        s_[AxiPorts::WREADY].set(0);
        s_[AxiPorts::RVALID].set(0);
        s_[AxiPorts::BVALID].set(0);
        idle_read_data();
        idle_response();
    }

    // Reset is released: all state as at first, but for contents, faults and their counts.
    void restart() {
        t_ = 0;
        reads_.clear();
        writes_.clear();
        close_rows();
        read_credit_ = write_credit_ = 0;
        hung_ = r_held_ = b_held_ = false;
        for (bool& waiting : waiting_) waiting = false;
        for (uint64_t& counter : statistics_) counter = 0;
        drive();
    }

    void next() {
        ++t_;
        drive();
    }

    void drive() {
        read_credit_ = std::min<uint64_t>(read_credit_ + config_.beats_per_1024, 2047);
        write_credit_ = std::min<uint64_t>(write_credit_ + config_.beats_per_1024, 2047);

        if (config_.row_bytes != 0) advance_rows();
        if (!r_held_) {
            const bool was_valid = r_valid_;
            r_valid_ = !hung_ && !reads_.empty() && serves(reads_.front()) && t_ >= reads_.front().ready_at
                       && read_credit_ >= 1024 && !stall(R, t_);
            if (r_valid_) {
                read_credit_ -= 1024;
                raise_read_beat();
            } else if (was_valid || t_ == 0) {
                idle_read_data();
            }
            s_[AxiPorts::RVALID].set(r_valid_);
        }
        if (!b_held_) {
            b_valid_ = !hung_ && !writes_.empty() && writes_.front().complete() && t_ >= writes_.front().ready_at
                       && !stall(B, t_);
            if (b_valid_) {
                s_[AxiPorts::BRESP].set(writes_.front().response);
                s_[AxiPorts::BID].set(writes_.front().id);
            } else {
                idle_response();
            }
            s_[AxiPorts::BVALID].set(b_valid_);
        }
        ar_ready_ = !hung_ && reads_.size() < config_.max_reads && !stall(AR, t_);
        aw_ready_ = !hung_ && writes_.size() < config_.max_writes && !stall(AW, t_);
        w_ready_ = !hung_ && write_credit_ >= 1024 && open_write() && !stall(W, t_);
        s_[AxiPorts::ARREADY].set(ar_ready_);
        s_[AxiPorts::AWREADY].set(aw_ready_);
        s_[AxiPorts::WREADY].set(w_ready_);
    }

    // Checks, then handshakes. False: a rule was broken, nothing was taken.
    bool sample(AxiViolation* violation) {
        if (check_address(AR, violation) || check_address(AW, violation) || check_data(violation)) return false;

        if (r_valid_) {
            r_held_ = !s_[AxiPorts::RREADY].get();
            if (!r_held_) {
                ++statistics_[1];
                Burst& head = reads_.front();
                ++head.beat;
                if (head.complete()) reads_.pop_front();
            }
        }
        if (b_valid_) {
            b_held_ = !s_[AxiPorts::BREADY].get();
            if (!b_held_) writes_.pop_front();
        }
        const bool w_valid = s_[AxiPorts::WVALID].get();
        waiting_[W] = w_valid && !w_ready_;
        if (w_valid && w_ready_) {
            write_credit_ -= 1024;
            ++statistics_[3];
            Burst& open = *open_write();
            if (open.response == OKAY) store(open);
            ++open.beat;
            if (open.complete()) open.ready_at = t_ + config_.latency;
        } else if (w_valid) {
            strobe(waiting_strobe_);
            waiting_last_ = s_[AxiPorts::WLAST].get();
            memcpy(waiting_data_.data(), s_[AxiPorts::WDATA].bytes(), data_bytes_);
        }
        take_address(AR, s_[AxiPorts::ARVALID].get(), ar_ready_);
        take_address(AW, s_[AxiPorts::AWVALID].get(), aw_ready_);
        return true;
    }

    void inject(const AxiFault& fault) { faults_.push_back(fault); }

    void clear_faults() {
        faults_.clear();
        hung_ = false;
    }

    const uint64_t* statistics() const { return statistics_; }

private:
    void store(const Burst& open) {
        uint64_t strobes[2];
        strobe(strobes);
        const uint8_t* const data = static_cast<const uint8_t*>(s_[AxiPorts::WDATA].bytes());
        uint8_t* const line = contents_ + (open.beat_address(open.beat) & ~(data_bytes_ - 1));
        for (uint64_t lane = 0; lane < data_bytes_; ++lane) {
            if (strobes[lane >> 6] >> (lane & 63) & 1) line[lane] = data[lane];
        }
    }

    void take_address(Channel channel, bool valid, bool ready) {
        waiting_[channel] = valid && !ready;
        if (!valid) return;
        const AddressPayload payload = address_payload(channel);
        if (!ready) {
            waiting_address_[channel] = payload;
            return;
        }
        Burst burst = burst_of(payload);
        burst.response = response_to(burst, channel == AR);
        if (channel == AR) {
            burst.ready_at = t_ + config_.latency;
            reads_.push_back(burst);
        } else {
            writes_.push_back(burst);
        }
        ++statistics_[channel == AR ? 0 : 2];
    }
};

#endif
