#!/usr/bin/env bash
# Start, stop or describe a throw-away Slurm on this one machine, as root and
# without systemd. The only thing placed outside ROOT is a link
# /etc/slurm/slurm.conf (and slurmdbd.conf), refused if a real file is there:
# the jobstep plugin drops every SLURM_* variable but a few before its inner
# srun, SLURM_CONF included, so the configuration has to be where Slurm looks
# by itself.
#
#   mini-slurm.sh start [ROOT]     ROOT defaults to ${TMPDIR:-/tmp}/mini-slurm
#   mini-slurm.sh stop  [ROOT]
#   eval "$(mini-slurm.sh env [ROOT])"    exports SLURM_CONF
#
# Knobs (environment): NODES=2  CPUS=2  MEM=4000  ACCOUNTING=none|dbd
# Needs Debian packages: slurm-wlm munge   (+ slurmdbd mariadb-server for dbd)
set -euo pipefail
verb=${1:?start|stop|env}; root=${2:-${TMPDIR:-/tmp}/mini-slurm}
nodes=${NODES:-2} cpus=${CPUS:-2} mem=${MEM:-4000} acct=${ACCOUNTING:-none}
port=${PORT:-17000}
etc=$root/etc run=$root/run state=$root/state log=$root/log
host=$(hostname -s)

wait_for() {            # wait_for SECONDS COMMAND...
  local n=$1; shift
  for _ in $(seq $((n * 5))); do "$@" >/dev/null 2>&1 && return 0; sleep 0.2; done
  echo "mini-slurm: gave up waiting for: $*" >&2; return 1
}

stop_one() {            # ends only what this script started, by pid file
  local f=$1 p
  [ -s "$f" ] || return 0
  p=$(cat "$f"); kill "$p" 2>/dev/null || true
  for _ in $(seq 50); do kill -0 "$p" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$p" 2>/dev/null || true
  rm -f "$f"
}

write_conf() {
  mkdir -p "$etc" "$run" "$state/ctld" "$log"; chmod 755 "$root" "$run"
  cat > "$etc/cgroup.conf" <<C
CgroupAutomount=no
C
  cat > "$etc/slurm.conf" <<C
ClusterName=mini
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$run/munge.sock
CredType=cred/munge
SlurmctldPort=$port
SlurmctldPidFile=$run/slurmctld.pid
SlurmctldLogFile=$log/slurmctld.log
SlurmdPidFile=$run/slurmd-%n.pid
SlurmdLogFile=$log/slurmd-%n.log
SlurmdSpoolDir=$state/slurmd-%n
StateSaveLocation=$state/ctld
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=2
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
MinJobAge=300
KillWait=5
MaxArraySize=1001
DefMemPerCPU=200
NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 11))-$((port + 10 + nodes)) CPUs=$cpus RealMemory=$mem State=UNKNOWN
PartitionName=main Nodes=n[1-$nodes] Default=YES MaxTime=1440 State=UP
PartitionName=long Nodes=n$nodes MaxTime=1440 State=UP
C
  if [ "$nodes" = 1 ]; then
    sed -i "s/^NodeName=.*/NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 11)) CPUs=$cpus RealMemory=$mem State=UNKNOWN/;s/n\[1-1\]/n1/" "$etc/slurm.conf"
  fi
  if [ "$acct" = dbd ]; then
    cat >> "$etc/slurm.conf" <<C
AccountingStorageType=accounting_storage/slurmdbd
AccountingStoreFlags=job_comment
AccountingStorageHost=127.0.0.1
AccountingStoragePass=$run/munge.sock
AccountingStoragePort=$((port + 1))
C
    cat > "$etc/slurmdbd.conf" <<C
AuthType=auth/munge
AuthInfo=socket=$run/munge.sock
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort=$((port + 1))
SlurmUser=root
PidFile=$run/slurmdbd.pid
LogFile=$log/slurmdbd.log
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=root
StorageLoc=slurm_acct
C
    # libmariadb takes the unix socket from the client section of a my.cnf;
    # slurmdbd has no option for it, so StorageHost stays localhost and the
    # default socket path /run/mysqld/mysqld.sock is used.
    chmod 600 "$etc/slurmdbd.conf"
  else
    echo "AccountingStorageType=accounting_storage/none" >> "$etc/slurm.conf"
  fi
}

start_munge() {
  install -d -o munge -g munge -m 700 "$root/munge"
  install -d -o munge -g munge -m 755 "$run/.m"
  if [ ! -s "$root/munge/key" ]; then
    head -c 128 /dev/urandom > "$root/munge/key"
    chown munge:munge "$root/munge/key"; chmod 400 "$root/munge/key"
  fi
  # munged wants the socket's folder to be its own or root's, not group-writable
  chown munge:munge "$run"
  setpriv --reuid=munge --regid=munge --clear-groups \
    munged --socket="$run/munge.sock" --key-file="$root/munge/key" \
           --pid-file="$run/munged.pid" --log-file="$root/munge/log" \
           --seed-file="$root/munge/seed" --num-threads=2
  wait_for 10 test -S "$run/munge.sock"
}

start_db() {
  install -d -o mysql -g mysql "$root/mysql" /run/mysqld
  if [ ! -d "$root/mysql/mysql" ]; then
    mariadb-install-db --user=mysql --datadir="$root/mysql" \
      --auth-root-authentication-method=socket --skip-test-db >"$log/mariadb-install.log" 2>&1
  fi
  mariadbd --no-defaults --user=mysql --datadir="$root/mysql" --skip-networking \
    --socket=/run/mysqld/mysqld.sock --pid-file="$root/mysql/mariadb.pid" \
    --innodb-buffer-pool-size=64M --innodb-lock-wait-timeout=900 \
    >"$log/mariadb.log" 2>&1 &
  wait_for 40 mariadb-admin --no-defaults --socket=/run/mysqld/mysqld.sock ping
  SLURM_CONF=$etc/slurm.conf slurmdbd
  wait_for 40 bash -c "exec 3<>/dev/tcp/127.0.0.1/$((port + 1))"
  export SLURM_CONF=$etc/slurm.conf
  wait_for 40 sacctmgr -n list cluster
  sacctmgr -i -Q add cluster mini >/dev/null 2>&1 || true
  sacctmgr -i -Q add account study Description=study Organization=mini >/dev/null 2>&1 || true
  sacctmgr -i -Q add user root Account=study >/dev/null 2>&1 || true
}

link_conf() {
  local f
  mkdir -p /etc/slurm
  for f in slurm.conf slurmdbd.conf cgroup.conf; do
    [ -e "$etc/$f" ] || continue
    if [ -e "/etc/slurm/$f" ] && [ ! -L "/etc/slurm/$f" ]; then
      echo "mini-slurm: /etc/slurm/$f is a real file, not replaced" >&2; exit 1
    fi
    ln -sfn "$etc/$f" "/etc/slurm/$f"
  done
}

unlink_conf() {
  local f
  for f in slurm.conf slurmdbd.conf cgroup.conf; do
    [ "$(readlink "/etc/slurm/$f" 2>/dev/null)" = "$etc/$f" ] && rm -f "/etc/slurm/$f"
  done
  return 0
}

case $verb in
  env) echo "export SLURM_CONF=$etc/slurm.conf" ;;
  start)
    write_conf
    link_conf
    start_munge
    [ "$acct" = dbd ] && start_db
    export SLURM_CONF=$etc/slurm.conf
    slurmctld
    wait_for 20 scontrol ping
    for i in $(seq "$nodes"); do mkdir -p "$state/slurmd-n$i"; slurmd -N "n$i"; done
    wait_for 30 bash -c "sinfo -h -N -o %T | sort -u | grep -qx idle"
    sinfo -N -l
    ;;
  stop)
    export SLURM_CONF=$etc/slurm.conf
    scancel --state=PENDING,RUNNING --user=root 2>/dev/null || true
    for i in $(seq "$nodes"); do stop_one "$run/slurmd-n$i.pid"; done
    for d in slurmctld slurmdbd munged; do stop_one "$run/$d.pid"; done
    stop_one "$root/mysql/mariadb.pid"
    unlink_conf
    ;;
esac
