// What the lanes of a warp do together.
#include <algorithm>

#include "block.h"

namespace seiche {

unsigned long long BlockRunner::warpCall(
        SeicheWarpCall call, unsigned mask, unsigned long long value, int argument, int width, const char* file, int line) {
    Thread& me = current();
    Thread* first = &threads_[me.index & ~31u];
    const int lanes = std::min(32, count_ - (int)first->index);
    const int lane = (int)(me.index % 32);
    if (call == SEICHE_WARP_ACTIVE) {
        unsigned active = 0;
        for (int l = 0; l < lanes; l++) active |= (first[l].state != State::finished ? 1u : 0u) << l;
        return active;
    }
    me.file = file;
    me.line = line;
    if (lanes < 32) mask &= (1u << lanes) - 1;  // as a GPU does, which counts missing lanes as ended
    if ((mask >> lane & 1) == 0) {
        fail(&me, "warp call: the thread is not in the mask that it gives");
        goOn(me.fibre, nullptr);
    }
    me.call = call;
    me.mask = mask;
    me.value = value;
    me.argument = argument;
    me.width = width;
    me.state = State::inWarpCall;
    bool all = true;
    for (int l = 0; l < lanes && all; l++) {
        if ((mask >> l & 1) == 0) continue;
        if (first[l].state == State::finished) {
            fail(&me, "warp call: lane " + std::to_string(l) + " is in the mask and has ended");
            goOn(me.fibre, nullptr);
        }
        all = first[l].state == State::inWarpCall;
    }
    if (all) {
        completeWarpCall(first, lanes, mask);
        if (failed_) goOn(me.fibre, nullptr);
    } else {
        waitForOthers(me);
    }
    return me.result;
}

void BlockRunner::completeWarpCall(Thread* first, int lanes, unsigned mask) {
    unsigned long long ballot = 0;
    const Thread& me = current();
    for (int l = 0; l < lanes; l++) {
        if ((mask >> l & 1) == 0) continue;
        const Thread& t = first[l];
        if (t.call != me.call || t.mask != mask || t.line != me.line) {
            fail(&me, "warp divergence: lane " + std::to_string(l) + " waits in another warp call, at line "
                              + std::to_string(t.line));
            return;
        }
        if (t.value != 0) ballot |= 1ull << l;
    }
    unsigned long long* table = nullptr;
    if (me.call == SEICHE_WARP_GATHER) {
        const unsigned warp = first->index / 32;
        table = gathered_[warp][gathers_[warp]++ % 2];
        for (int l = 0; l < 32; l++) table[l] = l < lanes ? first[l].value : first[0].value;
    }
    for (int l = 0; l < lanes; l++) {
        if ((mask >> l & 1) == 0) continue;
        Thread& t = first[l];
        const int source = sourceLane(t, l);
        if (source >= lanes || (mask >> source & 1) == 0) {
            // What a GPU gives here is undefined, and at the ragged end of a block it is what the lane itself had.
            if (source < lanes) {
                fail(&t, "shuffle: reads from lane " + std::to_string(source) + ", which is not in the mask");
                return;
            }
            t.result = t.value;
        } else {
            t.result = first[source].value;
        }
        if (me.call == SEICHE_WARP_BALLOT) t.result = ballot;
        if (me.call == SEICHE_WARP_GATHER) t.result = reinterpret_cast<unsigned long long>(table);
        t.warpEpoch++;
        t.state = State::ready;
    }
}

// Whose value a lane gets: its own where the partner lies outside of its part of the warp.
int BlockRunner::sourceLane(const Thread& t, int lane) const {
    const int begin = lane & ~(t.width - 1);
    const int end = begin + t.width;
    switch (t.call) {
        case SEICHE_WARP_SHUFFLE: return begin + (t.argument & (t.width - 1));
        case SEICHE_WARP_SHUFFLE_DOWN: return lane + t.argument < end ? lane + t.argument : lane;
        case SEICHE_WARP_SHUFFLE_UP: return lane - t.argument >= begin ? lane - t.argument : lane;
        case SEICHE_WARP_SHUFFLE_XOR: return (lane ^ t.argument) < end ? lane ^ t.argument : lane;
        default: return lane;
    }
}

}  // namespace seiche
