# For the launchers, which set $here to the folder of the archive.

# Whether the system's loader misses a library, or a version of one, for any native part.
something_is_missing() {
  while read -r part; do
    found=$(/lib64/ld-linux-x86-64.so.2 --list "$here/$part" 2>&1) || return 0
    # It does not count a version that is missing as a failure.
    case $found in *'not found'*) return 0 ;; esac
  done <"$here/lib/native.txt"
  return 1
}

# Runs a file of LossLab with the Node of the archive.
start() {
  # The server's own C++ library comes first: its graphics driver may need one as new as that.
  if something_is_missing; then
    export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    if something_is_missing; then
      echo "losslab: this server lacks what LossLab needs. $here/NEEDS.txt:" >&2
      cat "$here/NEEDS.txt" >&2
      exit 1
    fi
  fi
  file=$1
  shift
  exec "$here/node_modules/node/bin/node" "$here/$file" "$@"
}
