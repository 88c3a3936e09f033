// How jemalloc works in every executable, unless $MALLOC_CONF says otherwise.

// What a thread keeps of freed blocks: few, and none that are large. Under overload most of the
// executor's threads wait, and what they kept grew a server by two thirds (docs/adr/0068).
extern "C" {
const char* malloc_conf = "lg_tcache_max:12,tcache_nslots_small_max:32,dirty_decay_ms:1000";
}
